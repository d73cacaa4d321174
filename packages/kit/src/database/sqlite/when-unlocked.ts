import { type Clock, systemClock } from '@flotilla/contracts';
import { isBusy } from './sqlite-errors.ts';

/** How long to wait for a lock. */
export interface WhenUnlockedOptions {
  /** Default the system's. */
  readonly clock?: Clock;
  /** Default 1000 ms: write locks are held for milliseconds; a process that holds one longer may hold it for minutes. */
  readonly limitMs?: number;
  /** The longest delay between attempts. Default 50 ms, so that many waiters cost little. */
  readonly longestWaitMs?: number;
}

/** The first delay between attempts: most locks are short. */
const firstWaitMs = 2;

/**
 * Runs `attempt`, and retries for at most `limitMs` while it fails because another process holds the database's lock. It
 * waits between attempts, not in them: SQLite's own busy timeout would hold up the whole process.
 *
 * @throws what `attempt` throws, when the time is over or it failed for another reason
 */
export async function whenUnlocked<T>(attempt: () => T | Promise<T>, options: WhenUnlockedOptions = {}): Promise<T> {
  const { clock = systemClock, longestWaitMs = 50 } = options;
  const endMs = clock.monotonicMs() + (options.limitMs ?? 1_000);
  let alive: NodeJS.Timeout | undefined;
  try {
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      try {
        return await attempt();
      } catch (error) {
        const leftMs = endMs - clock.monotonicMs();
        if (leftMs <= 0 || !isBusy(error)) throw error;
        // The clock's timers keep no process alive, and a starting program has nothing else yet that does.
        alive ??= setInterval(() => undefined, 60_000);
        await new Promise<void>((resolve) => void clock.after(Math.min(waitMs, leftMs), resolve));
      }
    }
  } finally {
    clearInterval(alive);
  }
}
