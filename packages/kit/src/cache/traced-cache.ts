import type { Clock } from '@flotilla/contracts';
import type { z } from 'zod';
import { currentTrace, type Tracer, withinTrace } from '../telemetry/index.ts';
import type { Cache, CachedKind } from './cache.ts';

/** Who takes the spans, and what time it is. */
interface Tracing {
  readonly tracer: Tracer;
  readonly clock: Clock;
}

/** The same cache, with a span for each read of a traced request: what Redis and the database did for it is below that. */
export function tracedCache(cache: Cache, tracing: Tracing): Cache {
  return {
    kind: <T>(name: string, schema: z.ZodType<T>) => tracedKind(cache.kind(name, schema), name, tracing),
    close: () => cache.close(),
  };
}

function tracedKind<T>(kind: CachedKind<T>, name: string, { tracer, clock }: Tracing): CachedKind<T> {
  return {
    read(id, load) {
      const parent = currentTrace();
      if (parent === undefined) return kind.read(id, load);
      const context = tracer.begin(parent);
      const startedMs = clock.monotonicMs();
      let result = 'hit';
      const reading = withinTrace(context, () =>
        kind.read(id, () => {
          result = 'miss';
          return load();
        }),
      );
      return reading.finally(() => {
        const durationMs = clock.monotonicMs() - startedMs;
        // Whatever fails in it has a span of its own.
        if (!tracer.keeps(context, false, durationMs)) return;
        tracer.record({
          context,
          parentSpanId: parent.spanId,
          name: `cache ${name}`,
          kind: 'internal',
          startedMs: tracer.epochMs(startedMs),
          durationMs,
          failed: false,
          // Another request's read may have loaded it for both.
          attributes: { 'flotilla.cache': result },
        });
      });
    },
    beginWrite: (id) => kind.beginWrite(id),
  };
}
