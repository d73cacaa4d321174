import type { Clock } from '@flotilla/contracts';

/** A wait that others may cut short. A ring while nobody waits is kept for the next wait. */
export class Nudge {
  #rung = false;
  #wake: (() => void) | undefined;

  /** Ends the present wait, or the next one. */
  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves after `delayMs`, at a ring, or as soon as `signal` aborts. */
  wait(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#rung = false;
        this.#wake = undefined;
        timer.cancel();
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = clock.after(delayMs, finish);
      this.#wake = finish;
      signal.addEventListener('abort', finish);
      if (this.#rung || signal.aborted) finish();
    });
  }
}
