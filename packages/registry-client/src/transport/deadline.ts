import type { Clock } from '@flotilla/contracts';

/** Why a signal aborted: the time was up, not the caller's wish. */
class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/**
 * Runs `work` with a signal that aborts with `signal`, or with a {@link DeadlineExceeded} if `work` is not done within
 * `timeoutMs`. When it is done in time only the tie to `signal` stays, for what `work` has returned.
 */
export async function withDeadline<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = clock.after(timeoutMs, () =>
    deadline.abort(new DeadlineExceeded(`it did not answer within ${Math.round(timeoutMs)} ms`)),
  );
  const either = AbortSignal.any([signal, deadline.signal]);
  try {
    return await work(either);
  } catch (error) {
    // Node wraps the reason in an AbortError; the reason itself says more.
    throw either.aborted ? either.reason : error;
  } finally {
    timer.cancel();
  }
}
