import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceContext } from './trace-context.ts';

/** One per process, as the flow of asynchronous work that it follows is. */
const storage = new AsyncLocalStorage<TraceContext>();

/** The span within which this code runs; undefined if nobody said so, as in programs that are not traced. */
export function currentTrace(): TraceContext | undefined {
  return storage.getStore();
}

/** Runs `work`, and all that it starts, within a span. */
export function withinTrace<Result>(context: TraceContext, work: () => Result): Result {
  return storage.run(context, work);
}
