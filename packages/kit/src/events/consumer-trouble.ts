import { type Clock, isAppError } from '@flotilla/contracts';
import type { Logger } from '../logger/index.ts';
import { EventFailure } from './apply-events.ts';

/** What a {@link ConsumerTrouble} needs. */
export interface ConsumerTroubleOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error' | 'info'>;
  readonly random: () => number;
}

/** For a service that restarts: it is back within seconds. */
const away = { firstMs: 250, longestMs: 5_000 } as const;
/** For an event that cannot be applied: somebody has to correct something. */
const stuck = { firstMs: 1_000, longestMs: 60_000 } as const;
/** A service that restarts is no trouble that anybody has to know of. */
const toleratedMs = 5_000;

/** What keeps a consumer from going on, and how long it waits before it tries again. */
export class ConsumerTrouble {
  readonly #options: ConsumerTroubleOptions;
  #current: { readonly error: unknown; readonly key: string; readonly sinceMs: number; failures: number } | undefined;

  constructor(options: ConsumerTroubleOptions) {
    this.#options = options;
  }

  /** Throws, with the reason, if the consumer has been unable to go on for a while, or needs somebody's help. */
  check(): void {
    if (this.#current === undefined) return;
    const { error, sinceMs } = this.#current;
    if (!isStuck(error) && this.#options.clock.monotonicMs() - sinceMs < toleratedMs) return;
    throw new Error(error instanceof Error ? reasonOf(error) : String(error), { cause: error });
  }

  /** It goes on. */
  over(): void {
    if (this.#current === undefined) return;
    if (isStuck(this.#current.error))
      this.#options.logger.info({ consumer: this.#options.name }, 'the event could be applied; following again');
    this.#current = undefined;
  }

  /** It cannot go on. Returns after how many milliseconds to try again. */
  begin(error: unknown): number {
    const { name, clock, logger, random } = this.#options;
    const key = isStuck(error) ? `event ${error.event.position}` : 'away';
    const before = this.#current?.key === key ? this.#current : undefined;
    const failures = (before?.failures ?? 0) + 1;
    this.#current = { error, key, sinceMs: before?.sinceMs ?? clock.monotonicMs(), failures };
    // Once for each event; the health check logs everything else.
    if (isStuck(error) && before === undefined)
      logger.error(
        { consumer: name, ...error.event, err: error.cause },
        'an event cannot be applied; later ones wait for it',
      );
    const { firstMs, longestMs } = isStuck(error) ? stuck : away;
    const delayMs = Math.min(firstMs * 2 ** Math.min(failures - 1, 20), longestMs);
    // Instances that lost the same service should not all come back at once.
    return delayMs * (0.5 + random() / 2);
  }
}

function isStuck(error: unknown): error is EventFailure {
  return error instanceof EventFailure && !isAppError(error.cause, 'STORAGE_UNAVAILABLE');
}

/** With its cause, which says more: the service is not available, since no instance is registered. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
