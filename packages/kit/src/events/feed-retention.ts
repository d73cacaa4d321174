import type { Clock, Timer } from '@flotilla/contracts';
import type { Database } from '../database/index.ts';
import type { Logger } from '../logger/index.ts';
import type { EventTables } from './event-tables.ts';
import type { Sequencer } from './sequencer.ts';

/** What a {@link FeedRetention} needs. */
export interface FeedRetentionOptions {
  readonly database: Database<EventTables>;
  readonly sequencer: Sequencer;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** How long an event is kept at least, in milliseconds. */
  readonly retentionMs: number;
}

/** At most this many events are removed in one statement: other writers may wait for it. */
const batchSize = 1_000;
const longestPauseMs = 3_600_000;
const shortestPauseMs = 1_000;

/**
 * Removes the events that are older than they are kept, from the front of the feed, so that it never has a gap. Positions are
 * never used again. Every instance does it, which does no harm.
 */
export class FeedRetention {
  readonly #options: FeedRetentionOptions;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: FeedRetentionOptions) {
    this.#options = options;
    this.#arm();
  }

  /** Removes what is too old now. Returns how many events that were. */
  async sweep(): Promise<number> {
    const { database, sequencer, clock, retentionMs } = this.#options;
    // Without readers, nobody else gives positions, and the outbox would only grow.
    let newest = 0;
    for (let before = -1; newest !== before && !this.#closed; ) {
      before = newest;
      newest = (await sequencer.advance()).newest;
    }
    const { query } = database;
    const log = query.selectFrom('event_log').select('position').orderBy('position').limit(1);
    const [oldest] = await log.execute();
    if (oldest === undefined) return 0;
    // By position, not by time alone: a clock that was set back must make no gap.
    const [kept] = await log.where('happened_at', '>=', clock.now() - retentionMs).execute();
    // What has got its position since is young.
    const end = Math.max(kept?.position ?? newest + 1, oldest.position);
    for (let from = oldest.position; from < end && !this.#closed; from += batchSize)
      await query
        .deleteFrom('event_log')
        .where('position', '<', Math.min(from + batchSize, end))
        .executeTakeFirst();
    return end - oldest.position;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #arm(): void {
    const { clock, retentionMs } = this.#options;
    const pauseMs = Math.min(Math.max(retentionMs / 10, shortestPauseMs), longestPauseMs);
    this.#timer = clock.after(pauseMs, () => void this.#sweepAndGoOn());
  }

  async #sweepAndGoOn(): Promise<void> {
    const { logger } = this.#options;
    try {
      const removed = await this.sweep();
      if (removed > 0) logger.info({ events: removed }, 'removed events that are older than they are kept');
    } catch (err) {
      if (!this.#closed) logger.warn({ err }, 'cannot remove old events; trying again later');
    }
    if (!this.#closed) this.#arm();
  }
}
