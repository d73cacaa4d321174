import type { Clock, Level, Logger, Timer } from '@flotilla/contracts';

/** The log level of a program, and how long it lasts. */
export interface LevelNow {
  readonly level: Level;
  /** The configured level, which returns after a change. */
  readonly configured: Level;
  /** How long the change still lasts; undefined if there is none, or if it has no end. */
  readonly remainingMs: number | undefined;
}

/**
 * Changes the log level of a running program. Changes end by themselves, because people forget them and `debug` fills disks; for
 * a lasting change, use the configuration.
 */
export class LevelSwitch {
  readonly #logger: Pick<Logger, 'level' | 'info'>;
  readonly #clock: Clock;
  #configured: Level;
  #timer: Timer | undefined;
  #endMs: number | undefined;

  /** `logger` must have the configured level. */
  constructor(logger: Pick<Logger, 'level' | 'info'>, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
    this.#configured = logger.level;
  }

  get now(): LevelNow {
    const remainingMs = this.#endMs === undefined ? undefined : Math.max(0, this.#endMs - this.#clock.monotonicMs());
    return { level: this.#logger.level, configured: this.#configured, remainingMs };
  }

  /** Logs at `level` for `forMs`, in place of any earlier change. The configured level ends a change at once. */
  change(level: Level, forMs: number): void {
    this.#set(level, level === this.#configured ? undefined : forMs);
  }

  /** The configuration says something else from now on. A change that is still in force lasts as long as it was to last. */
  configure(level: Level): void {
    const isChanged = this.#logger.level !== this.#configured;
    this.#configured = level;
    if (isChanged && this.#logger.level !== level) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#endMs = undefined;
    this.#logger.level = level;
  }

  /** Switches to `debug`, without an end, and back to the configured level; if that is `debug`, nothing changes. */
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
