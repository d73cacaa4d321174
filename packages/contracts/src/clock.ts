/** A pending call made with {@link Clock.after}. */
export interface Timer {
  /** Forgets the call. Harmless when it has already run or was cancelled before. */
  cancel(): void;
}

/**
 * The source of time. Everything that waits or measures takes a `Clock`, so that tests move time by hand (`FakeClock`
 * in `@flotilla/testing`) and never sleep.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch. For what is shown or stored; it may jump. */
  now(): number;
  /** Milliseconds from an arbitrary start, with fractions; never goes back. For measuring and for deadlines. */
  monotonicMs(): number;
  /** Calls `run` once, no sooner than `delayMs` from now. The pending call does not keep the process alive. */
  after(delayMs: number, run: () => void): Timer;
}

/** Node rejects longer timers by firing them at once, so longer waits are split. */
const longestTimerMs = 2_147_483_647;

/** The real time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    let pending: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      const stepMs = Math.min(leftMs, longestTimerMs);
      pending = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : run()), stepMs);
      pending.unref();
    };
    arm(Math.max(0, delayMs));
    return { cancel: () => clearTimeout(pending) };
  },
};
