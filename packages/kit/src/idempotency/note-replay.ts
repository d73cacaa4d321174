import type { Clock } from '@flotilla/contracts';
import { currentTrace, currentTracer } from '../telemetry/index.ts';

/** Shows in the trace of a request that its result is the one of an earlier request with the same key. */
export function noteReplay(operation: string, clock: Clock): void {
  const tracer = currentTracer();
  const parent = currentTrace();
  if (tracer === undefined || parent === undefined || !tracer.keeps(parent, false, 0)) return;
  tracer.record({
    context: tracer.begin(parent),
    parentSpanId: parent.spanId,
    name: `replay ${operation}`,
    kind: 'internal',
    startedMs: tracer.epochMs(clock.monotonicMs()),
    durationMs: 0,
    failed: false,
    attributes: { 'flotilla.idempotency': 'replayed', 'flotilla.operation': operation },
  });
}
