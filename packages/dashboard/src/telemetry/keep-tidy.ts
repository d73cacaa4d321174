import type { Clock, Timer } from '@flotilla/contracts';

/** Soon after the start, because bounds may have been lowered. */
const firstMs = 1_000;
const everyMs = 60_000;
/** Between parts of a larger clean-up, for what wants to be written meanwhile. */
const betweenMs = 50;

/** Calls `tidy` once a minute, and again soon while it returns true: there is more to do. */
export function keepTidy(clock: Clock, tidy: () => boolean): Timer {
  let timer = clock.after(firstMs, run);
  function run(): void {
    timer = clock.after(tidy() ? betweenMs : everyMs, run);
  }
  return { cancel: () => timer.cancel() };
}
