import type { Clock } from '@flotilla/contracts';

/** Why a signal aborted: the time was up, not the caller's wish. */
class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/** How long some work may take. */
export interface Deadline {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Ends the work early. */
  readonly signal: AbortSignal;
  /**
   * Whether what the work has returned, a stream for example, goes on ending with `signal`. Then `signal` has to be
   * that stream's own: each use leaves a listener on it. Default false.
   */
  readonly staysTied?: boolean;
}

/** Runs `work` with a signal that aborts with the deadline's own, or with a {@link DeadlineExceeded} when time is up. */
export async function withDeadline<T>(deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, timeoutMs, signal, staysTied = false } = deadline;
  // Not AbortSignal.any: it keeps something for every use until the longest-lived of its signals is gone.
  const either = new AbortController();
  const pass = (): void => either.abort(signal.reason);
  if (signal.aborted) pass();
  signal.addEventListener('abort', pass);
  const timer = clock.after(timeoutMs, () =>
    either.abort(new DeadlineExceeded(`it did not answer within ${Math.round(timeoutMs)} ms`)),
  );
  let tied = false;
  try {
    const result = await work(either.signal);
    tied = staysTied;
    return result;
  } catch (error) {
    // Node wraps the reason in an AbortError; the reason itself says more.
    throw either.signal.aborted ? either.signal.reason : error;
  } finally {
    timer.cancel();
    if (!tied) signal.removeEventListener('abort', pass);
  }
}
