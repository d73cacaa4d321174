import type { Clock, Level, Logger, Timer } from '@flotilla/contracts';

/** The level of a program's log, and how long it stays so. */
export interface LevelNow {
  readonly level: Level;
  /** The one of the configuration, which comes back. */
  readonly configured: Level;
  /** How long the change goes on; undefined when there is none, or when it has no end. */
  readonly remainingMs: number | undefined;
}

/**
 * Changes how much a program logs while it runs. Changes have an end, because people forget them, and `debug` fills disks;
 * for good there is the configuration.
 */
export class LevelSwitch {
  readonly #logger: Pick<Logger, 'level' | 'info'>;
  readonly #clock: Clock;
  readonly #configured: Level;
  #timer: Timer | undefined;
  #endMs: number | undefined;

  /** `logger` has the configured level now. */
  constructor(logger: Pick<Logger, 'level' | 'info'>, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
    this.#configured = logger.level;
  }

  get now(): LevelNow {
    const remainingMs = this.#endMs === undefined ? undefined : Math.max(0, this.#endMs - this.#clock.monotonicMs());
    return { level: this.#logger.level, configured: this.#configured, remainingMs };
  }

  /** Logs at `level` for `forMs`, in place of any change before. The configured level ends a change at once. */
  change(level: Level, forMs: number): void {
    this.#set(level, level === this.#configured ? undefined : forMs);
  }

  /** Switches to `debug`, without an end, and back to the configured level; where that is `debug`, it stays. */
  toggleDebug(): void {
    const isChanged = this.#logger.level !== this.#configured;
    this.#set(isChanged ? this.#configured : 'debug', undefined);
  }

  #set(level: Level, forMs: number | undefined): void {
    this.#timer?.cancel();
    this.#timer =
      forMs === undefined ? undefined : this.#clock.after(forMs, () => this.#set(this.#configured, undefined));
    this.#endMs = forMs === undefined ? undefined : this.#clock.monotonicMs() + forMs;
    this.#logger.level = level;
    this.#logger.info({ logLevel: level, ...(forMs === undefined ? {} : { forMs }) }, 'log level changed');
  }
}
