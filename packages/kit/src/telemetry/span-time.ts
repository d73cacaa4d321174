import type { Clock } from '@flotilla/contracts';

/** When something was, in milliseconds since the epoch, that was at `momentMs` on the clock's monotonic scale. */
export function epochMs(clock: Clock, momentMs: number): number {
  return clock.now() - (clock.monotonicMs() - momentMs);
}
