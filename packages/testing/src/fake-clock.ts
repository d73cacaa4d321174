import type { Clock, Timer } from '@flotilla/contracts';

interface PendingCall {
  readonly dueMs: number;
  readonly sequence: number;
  readonly run: () => void;
}

/** Where a {@link FakeClock} starts: 2026-01-01T00:00:00Z, so that formatted times in tests are easy to read. */
export const fakeClockStartMs = 1_767_225_600_000;

/**
 * A clock that stands still until a test moves it. Timers fire in the order of their due times, those due at the same
 * time in the order they were made, and each sees the clock at its own due time: what a real clock does when nothing
 * is ever late.
 */
export class FakeClock implements Clock {
  #elapsedMs = 0;
  #wallOffsetMs: number;
  #sequence = 0;
  #stallMs = 0;
  readonly #pending = new Set<PendingCall>();

  /** `startMs` is what `now()` says at first, in milliseconds since the Unix epoch. Default {@link fakeClockStartMs}. */
  constructor(startMs: number = fakeClockStartMs) {
    this.#wallOffsetMs = startMs;
  }

  now(): number {
    return this.#wallOffsetMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, run: () => void): Timer {
    const call: PendingCall = { dueMs: this.#elapsedMs + Math.max(0, delayMs), sequence: this.#sequence++, run };
    this.#pending.add(call);
    return { cancel: () => void this.#pending.delete(call) };
  }

  /** How long each pending timer still has to wait, in milliseconds, the next one first. */
  get pendingDelaysMs(): readonly number[] {
    return [...this.#pending].map((call) => call.dueMs - this.#elapsedMs).sort((a, b) => a - b);
  }

  /** Moves the wall clock alone, as an administrator or NTP does; timers and `monotonicMs` are not touched. */
  jumpWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Lets the next timer come late by `byMs`, as after the program was stopped or starved of CPU. */
  stallNextTimer(byMs: number): void {
    this.#stallMs = byMs;
  }

  /** Moves time on by `byMs` and runs what falls due, timers made on the way included. */
  advance(byMs: number): void {
    const targetMs = this.#elapsedMs + byMs;
    while (this.#runNext(targetMs)) {
      // Each turn runs one timer.
    }
    this.#elapsedMs = Math.max(this.#elapsedMs, targetMs);
  }

  /**
   * Like `advance`, but lets promises settle before the first timer, after each one, and at the end, so that an
   * `await` between two timers does not hide the second. It waits for promises, not for sockets: see `waitUntil`.
   */
  async advanceAsync(byMs: number): Promise<void> {
    const targetMs = this.#elapsedMs + byMs;
    await settle();
    while (this.#runNext(targetMs)) await settle();
    this.#elapsedMs = Math.max(this.#elapsedMs, targetMs);
    await settle();
  }

  #runNext(targetMs: number): boolean {
    let next: PendingCall | undefined;
    for (const call of this.#pending) {
      if (call.dueMs > targetMs) continue;
      if (next === undefined || call.dueMs < next.dueMs || (call.dueMs === next.dueMs && call.sequence < next.sequence))
        next = call;
    }
    if (next === undefined) return false;
    this.#pending.delete(next);
    // A timer that was due in the past (made with no delay) must not move time back.
    this.#elapsedMs = Math.max(this.#elapsedMs, next.dueMs) + this.#stallMs;
    this.#stallMs = 0;
    next.run();
    return true;
  }
}

/** Resolves after every promise that can settle without I/O has settled: promise jobs all run before an immediate. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
