import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceContext } from './trace-context.ts';
import type { Tracer } from './tracer.ts';

/** Where code runs: within which span, and who takes the spans below it. */
interface Current {
  /** Undefined: it is what reports spans, and must have none itself. */
  readonly trace: TraceContext | undefined;
  readonly tracer: Tracer | undefined;
}

const outside: Current = { trace: undefined, tracer: undefined };

/** One per process, as the flow of asynchronous work that it follows is. */
const storage = new AsyncLocalStorage<Current>();

/** The span within which this code runs; undefined if nobody said so, as in programs that are not traced. */
export function currentTrace(): TraceContext | undefined {
  return storage.getStore()?.trace;
}

/** Takes the spans of this code; undefined if nothing is recorded here. */
export function currentTracer(): Tracer | undefined {
  return storage.getStore()?.tracer;
}

/**
 * Runs `work`, and all that it starts, within a span.
 *
 * @param tracer takes the spans of `work`; default: whoever takes those of the code that calls this
 */
export function withinTrace<Result>(
  context: TraceContext,
  work: () => Result,
  tracer: Tracer | undefined = currentTracer(),
): Result {
  return storage.run({ trace: context, tracer }, work);
}

/** Runs `work`, and all that it starts, outside all spans, and has none made of it: what reports spans would report itself. */
export function outsideTraces<Result>(work: () => Result): Result {
  return storage.run(outside, work);
}

/** Whether this code runs {@link outsideTraces}. */
export function isOutsideTraces(): boolean {
  return storage.getStore() === outside;
}
