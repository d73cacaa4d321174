import { systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp, type HttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { type Ask, asker } from './ask.ts';

/** An app that really listens. */
export interface ServedApp {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly ask: Ask;
  close(): Promise<void>;
}

/** Serves routes as a program would, on a free loopback port and without writing logs. */
export async function serveApp(addRoutes: (app: HttpApp) => void): Promise<ServedApp> {
  const { app } = await createHttpApp({
    logger: silentLogger(),
    health: createHealth({ clock: systemClock }),
    metrics: createMetrics(),
    defaultLocale: 'en',
    clock: systemClock,
  });
  addRoutes(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, ask: asker(url), close: () => app.close() };
}
