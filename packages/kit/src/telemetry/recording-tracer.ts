import type { Clock } from '@flotilla/contracts';
import type { Sampler } from './sampler.ts';
import type { FinishedSpan } from './span.ts';
import { SpanTime } from './span-time.ts';
import { type TraceContext, TraceIds } from './trace-context.ts';
import type { Tracer } from './tracer.ts';

/** What {@link recordingTracer} needs. */
export interface RecordingTracerOptions {
  readonly sampler: Sampler;
  /** Spans that took this long are kept whether or not their trace is sampled; 0: none are. */
  readonly slowMs: number;
  readonly clock: Clock;
  /** Takes a span. Must neither throw nor wait. */
  readonly take: (span: FinishedSpan) => void;
  readonly ids?: TraceIds;
}

/** A tracer whose spans go somewhere. */
export function recordingTracer({
  sampler,
  slowMs,
  clock,
  take,
  ids = new TraceIds(),
}: RecordingTracerOptions): Tracer {
  const time = new SpanTime(clock);
  return {
    enabled: true,
    begin: (parent: TraceContext | undefined) =>
      parent === undefined ? sampler.root(ids.newTrace()) : sampler.child(ids.childOf(parent)),
    keeps: (context, failed, durationMs) => context.sampled || isKeptAnyway(failed, durationMs, slowMs),
    record: take,
    epochMs: (monotonicMs) => time.epochMs(monotonicMs),
  };
}

/** Whether a span is kept even if its trace is not sampled. Such a span stands for itself alone. */
export function isKeptAnyway(failed: boolean, durationMs: number, slowMs: number): boolean {
  return failed || (slowMs > 0 && durationMs >= slowMs);
}
