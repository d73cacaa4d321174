import type { Logger } from '@flotilla/contracts';
import { type Clock, isAppError } from '@flotilla/contracts';

/** What the client needs of a logger. */
export type ClientLogger = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** The words of one kind of outage. */
export interface OutageWords {
  /** Said once, when the outage is noticed: what it means and what to do. */
  readonly down: string;
  /** Said when it is over. */
  readonly up: string;
}

/**
 * An outage this short is not worth a warning: programs that are started together, in any order, always miss each
 * other for a moment.
 */
const warnAfterMs = 1_000;

/** Turns any number of failed attempts into two lines: one warning per outage, and one line when it is over. */
export class OutageLog {
  readonly #clock: Clock;
  readonly #logger: ClientLogger;
  readonly #words: OutageWords;
  #sinceMs: number | undefined;
  #warned = false;

  constructor(clock: Clock, logger: ClientLogger, words: OutageWords) {
    this.#clock = clock;
    this.#logger = logger;
    this.#words = words;
  }

  /** An attempt failed. */
  failed(error: unknown): void {
    const nowMs = this.#clock.monotonicMs();
    this.#sinceMs ??= nowMs;
    if (this.#warned || nowMs - this.#sinceMs < warnAfterMs) {
      this.#logger.debug({ err: error }, this.#words.down);
      return;
    }
    this.#warned = true;
    // One sentence instead of the error: where our own code was when it happened helps nobody who reads this.
    this.#logger.warn({ reason: reasonOf(error) }, this.#words.down);
  }

  /** An attempt succeeded. */
  succeeded(): void {
    if (this.#sinceMs === undefined) return;
    const fields = { outageMs: Math.round(this.#clock.monotonicMs() - this.#sinceMs) };
    if (this.#warned) this.#logger.info(fields, this.#words.up);
    else this.#logger.debug(fields, this.#words.up);
    this.#sinceMs = undefined;
    this.#warned = false;
  }
}

/** What went wrong, in one sentence. */
function reasonOf(error: unknown): string {
  if (isAppError(error)) return error.detail ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
