import type { Clock } from '@flotilla/contracts';

/** How a {@link SilenceWatch} works. */
export interface SilenceWatchOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** A suspicion begins, or ends. */
  readonly onChange: (isSuspect: boolean) => void;
}

/** What was heard longer ago says nothing of now. */
const windowMs = 5_000;
/** Fewer may well fall silent together by themselves. */
const minSilent = 3;
/** It is the registry's own network if at least twice as many machines are silent as are heard. */
const silentPerHeard = 2;
/** After that they are believed to be gone. */
const longestMs = 300_000;

/**
 * Suspects the registry's own network when machines fall silent together: no connection to them, no report of them, and
 * next to nobody else is heard. Then their silence says nothing of them.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  /** What was noted last of each machine within the window, the oldest first. */
  readonly #latest = new Map<string, { readonly isSilent: boolean; readonly atMs: number }>();
  #silent = 0;
  #sinceMs: number | undefined;
  /** A suspicion has lasted for as long as it may: there is no other until most are heard again. */
  #isSpent = false;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  /** Whether silence says nothing at present. */
  get isSuspect(): boolean {
    this.#judge();
    return this.#sinceMs !== undefined;
  }

  /** A machine has answered, or a report of it has come; undefined: the own machine. */
  heard(host: string | undefined): void {
    if (host !== undefined) this.#note(host, false);
  }

  /**
   * There was no way to a machine, or no report of it in time; undefined: the own machine. Returns whether that says
   * nothing of it.
   */
  silent(host: string | undefined): boolean {
    if (host === undefined) return false;
    this.#note(host, true);
    return this.isSuspect;
  }

  #note(host: string, isSilent: boolean): void {
    this.#forget(host);
    this.#latest.set(host, { isSilent, atMs: this.#options.clock.monotonicMs() });
    if (isSilent) this.#silent += 1;
    this.#judge();
  }

  #forget(host: string): void {
    if (this.#latest.get(host)?.isSilent === true) this.#silent -= 1;
    this.#latest.delete(host);
  }

  #judge(): void {
    const { clock, onChange } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const [host, { atMs }] of this.#latest) {
      if (nowMs - atMs <= windowMs) break;
      this.#forget(host);
    }
    const heard = this.#latest.size - this.#silent;
    if (heard > this.#silent) this.#isSpent = false;
    if (this.#sinceMs === undefined) {
      if (this.#isSpent || this.#silent < minSilent || this.#silent < heard * silentPerHeard) return;
      this.#sinceMs = nowMs;
    } else {
      const isOver = nowMs - this.#sinceMs >= longestMs;
      if (!isOver && heard <= this.#silent) return;
      this.#isSpent = isOver;
      this.#sinceMs = undefined;
    }
    onChange(this.#sinceMs !== undefined);
  }
}
