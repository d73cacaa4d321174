import type { Clock, Timer } from '@flotilla/contracts';
import type { AlertView } from '../wire/index.ts';
import { AlertBook } from './alert-book.ts';
import { defaultRules } from './default-rules.ts';
import type { AlertFacts } from './facts.ts';
import type { AlertRule } from './rule.ts';

/** What {@link AlertWatch} needs. */
export interface AlertWatchOptions {
  /** Gathers what the rules look at. If it rejects, the alerts stay as they are. */
  readonly gather: () => Promise<AlertFacts>;
  readonly clock: Clock;
  /** Is called when the alerts have changed. */
  readonly onChange: () => void;
  /** Default: those that are on by default. */
  readonly rules?: readonly AlertRule[];
}

/** How often the rules look: whoever makes a change sees within seconds what it did. */
const everyMs = 5_000;

/** Lets the rules look from time to time, and keeps what they find. In memory: after a restart they find it again. */
export class AlertWatch {
  readonly #options: AlertWatchOptions;
  readonly #book: AlertBook;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: AlertWatchOptions) {
    this.#options = options;
    this.#book = new AlertBook(options.rules ?? defaultRules());
  }

  /** Those that last, worst first, then those that have ended within the last day, newest first. */
  get alerts(): readonly AlertView[] {
    return this.#book.alerts;
  }

  /** Those that last, worst first. */
  get lasting(): readonly AlertView[] {
    return this.#book.lasting;
  }

  start(): void {
    this.#timer = this.#options.clock.after(everyMs, () => void this.#look());
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    try {
      const facts = await this.#options.gather();
      if (!this.#closed && this.#book.examine(facts)) this.#options.onChange();
    } catch {
      // Whoever gathers has said what is wrong.
    }
    if (!this.#closed) this.start();
  }
}
