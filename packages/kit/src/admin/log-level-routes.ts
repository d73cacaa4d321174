import type { Clock } from '@flotilla/contracts';
import { z } from 'zod';
import { logLevels } from '../config/index.ts';
import type { HttpApp } from '../http/index.ts';
import type { Level, LevelNow } from '../logger/index.ts';

/** The log level of a program, in all its processes. */
export interface LogLevels {
  now(): LevelNow;
  change(level: Level, forMs: number): void;
}

/** Long enough to find a problem, short enough that a forgotten change does no harm. */
const defaultForMs = 600_000;
const longestForMs = 86_400_000;

const changeSchema = z.strictObject({
  level: z.enum(logLevels),
  for_ms: z.int().min(1_000).max(longestForMs).default(defaultForMs),
});

/**
 * `GET /log-level` shows the level; `PUT` with `{"level":"debug","for_ms":600000}` changes it for that long, 10 minutes by
 * default. Setting the configured level ends the change.
 */
export function addLogLevelRoutes(app: HttpApp, levels: LogLevels, clock: Clock): void {
  const shown = () => {
    const { level, configured, remainingMs } = levels.now();
    const until = remainingMs === undefined ? {} : { until: new Date(clock.now() + remainingMs).toISOString() };
    return { level, configured, ...until };
  };
  app.get('/log-level', (_request, reply) => reply.header('cache-control', 'no-store').send(shown()));
  app.put('/log-level', { schema: { body: changeSchema } }, ({ body: { level, for_ms: forMs } }, reply) => {
    levels.change(level, forMs);
    return reply.header('cache-control', 'no-store').send(shown());
  });
}
