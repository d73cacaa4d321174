import type { Clock } from '@flotilla/contracts';
import type { RedisLocation } from '../config/index.ts';
import { currentTrace, type TraceContext, type Tracer } from '../telemetry/index.ts';
import type { Redis } from './redis.ts';
import { RedisError } from './redis-error.ts';

/** What {@link tracedRedis} needs. */
export interface TracedRedisOptions {
  readonly location: Pick<RedisLocation, 'host' | 'port' | 'database'>;
  readonly tracer: Tracer;
  readonly clock: Clock;
}

/** A command, as spans show it: keys and values are left out. */
interface Told {
  readonly command: string;
  /** The name of a script. */
  readonly script?: string;
}

/** The same connection, with a span for each command that is sent for a traced request. */
export function tracedRedis(redis: Redis, options: TracedRedisOptions): Redis {
  const of = <T>(told: Told, run: () => Promise<T>): Promise<T> => {
    const parent = currentTrace();
    if (parent === undefined) return run();
    const startedMs = options.clock.monotonicMs();
    const end = (error?: unknown): void => record(options, { parent, told, startedMs, error });
    return run().then(
      (reply) => {
        end();
        return reply;
      },
      (error: unknown) => {
        end(error);
        throw error;
      },
    );
  };
  return {
    get run() {
      return redis.run;
    },
    settled: (limitMs) => redis.settled(limitMs),
    call: (command, limitMs) => of({ command: command[0] }, () => redis.call(command, limitMs)),
    script: (script, keys, values, limitMs) =>
      of({ command: 'EVALSHA', script: script.name }, () => redis.script(script, keys, values, limitMs)),
    check: () => redis.check(),
    close: () => redis.close(),
  };
}

interface Ended {
  readonly parent: TraceContext;
  readonly told: Told;
  readonly startedMs: number;
  readonly error: unknown;
}

function record({ location, tracer, clock }: TracedRedisOptions, { parent, told, startedMs, error }: Ended): void {
  const durationMs = clock.monotonicMs() - startedMs;
  const failed = error !== undefined;
  if (!tracer.keeps(parent, failed, durationMs)) return;
  const { command, script } = told;
  const summary = script === undefined ? command : `${command} ${script}`;
  tracer.record({
    context: tracer.begin(parent),
    parentSpanId: parent.spanId,
    name: summary,
    kind: 'client',
    startedMs: tracer.epochMs(startedMs),
    durationMs,
    failed,
    message: error instanceof RedisError ? error.message : undefined,
    attributes: {
      'db.system.name': 'redis',
      'db.namespace': String(location.database),
      'db.operation.name': command,
      'db.stored_procedure.name': script,
      'db.query.summary': summary,
      'server.address': location.host,
      'server.port': location.port,
      'error.type': failed ? (error instanceof RedisError ? error.kind : 'Error') : undefined,
    },
  });
}
