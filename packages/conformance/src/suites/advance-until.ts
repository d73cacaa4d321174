import type { FakeClock } from '@flotilla/testing';

/** Far longer than anything takes, even on a busy machine. */
const giveUpAfterMs = 20_000;

/** Something that lives in the time of a fake clock and talks over real sockets. */
export interface Timed {
  /** The clock it was given. */
  readonly clock: FakeClock;
  /** Whether no request of it is on its way: then it waits for nothing but time. */
  isIdle(): boolean;
}

/**
 * Moves time from timer to timer until `condition` holds. Time stands still while a request is on its way, however long
 * a busy machine takes over it, so no time limit of a request runs out by accident.
 */
export async function advanceUntil(
  what: string,
  { clock, isIdle }: Timed,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const endMs = performance.now() + giveUpAfterMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`Waited ${giveUpAfterMs} ms, but this did not happen: ${what}`);
    const [nextMs] = clock.pendingDelaysMs;
    if (isIdle() && nextMs !== undefined) clock.advance(nextMs);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
