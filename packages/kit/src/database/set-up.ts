import type { Clock, Timer } from '@flotilla/contracts';

/** How often it is tried again, while the server is away. */
const intervalMs = 1_000;

/** What a {@link SetUp} does. */
export interface SetUpOptions {
  readonly clock: Clock;
  /** Brings the database up to date. */
  readonly run: () => Promise<void>;
  /** Whether an error may pass by itself, as that of a server that is still starting. */
  readonly mayPass: (error: unknown) => boolean;
  /** Is told why the database is not up to date, and at last that it is (undefined). */
  readonly tell: (why: Error | undefined) => void;
}

/**
 * Brings a database up to date, so that services and their database's server may start in any order: while the server is away, it
 * is tried again every second. Once the program runs, it is also tried again after errors that need somebody to act.
 */
export class SetUp {
  readonly #options: SetUpOptions;
  #why: Error | undefined;
  #timer: Timer | undefined;
  #ended = false;

  constructor(options: SetUpOptions) {
    this.#options = options;
  }

  /** Why the database is not up to date; undefined: it is. */
  get pending(): Error | undefined {
    return this.#why;
  }

  /** Tries it. Rejects with the error if waiting does not help; else it settles at the latest when the connection times out. */
  async start(): Promise<void> {
    try {
      await this.#options.run();
    } catch (error) {
      if (!this.#options.mayPass(error)) throw error;
      this.#later(error);
    }
  }

  /** Tries no more. */
  end(): void {
    this.#ended = true;
    this.#timer?.cancel();
  }

  #later(error: unknown): void {
    if (this.#ended) return;
    this.#why = error instanceof Error ? error : new Error(String(error));
    this.#options.tell(this.#why);
    this.#timer = this.#options.clock.after(intervalMs, () => void this.#again());
  }

  async #again(): Promise<void> {
    try {
      await this.#options.run();
    } catch (error) {
      return this.#later(error);
    }
    this.#why = undefined;
    this.#options.tell(undefined);
  }
}
