import { type Clock, systemClock } from '@flotilla/contracts';
import type { FinishedSpan } from './span.ts';
import { SpanTime } from './span-time.ts';
import { type TraceContext, TraceIds } from './trace-context.ts';

/** Decides which traces are kept, and takes their spans. Its methods neither throw nor wait. */
export interface Tracer {
  /** Whether spans go anywhere. If not, {@link keeps} is always false. */
  readonly enabled: boolean;
  /** The context of work that begins here: a new span in the trace of `parent`, or a new trace. Decides whether it is sampled. */
  begin(parent: TraceContext | undefined): TraceContext;
  /** Whether to record a span: its trace is sampled, or it failed or was slow. Ask before you make one. */
  keeps(context: TraceContext, failed: boolean, durationMs: number): boolean;
  /** Takes a span, to be sent later. */
  record(span: FinishedSpan): void;
  /** When something was that happened at `monotonicMs` of the clock, in milliseconds since the epoch, with fractions. */
  epochMs(monotonicMs: number): number;
}

/** The tracer of a program that sends its spans nowhere. Ids are made all the same: logs and errors name the trace. */
export function idleTracer(ids: TraceIds = new TraceIds(), clock: Clock = systemClock): Tracer {
  const time = new SpanTime(clock);
  return {
    enabled: false,
    begin: (parent) => (parent === undefined ? ids.newTrace() : ids.childOf(parent)),
    keeps: () => false,
    record: () => undefined,
    epochMs: (monotonicMs) => time.epochMs(monotonicMs),
  };
}
