import { randomUUID } from 'node:crypto';
import { isAppError } from '@flotilla/contracts';
import { type Database, type PreparedQuery, type Transaction, UniqueViolation } from '../database/index.ts';
import { Flights } from '../scheduling/index.ts';
import type { LoggedEvent } from './event-json.ts';
import type { EventTables } from './event-tables.ts';
import { reach } from './points.ts';

/** A feed's name and its newest position. */
export interface FeedHead {
  readonly feed: string;
  readonly newest: number;
}

/** At most this many events get their positions in one transaction: other writers may wait for it. */
const batchSize = 200;
/** At most this many characters of data go to the database in one statement: some refuse longer ones than a few MiB. */
const maxStatementLength = 262_144;

/**
 * Gives events their positions, without gaps, in the order in which they were written. It does so after they are committed, one
 * instance at a time. A number that the database gave out when they were written would not do: a transaction that began
 * earlier may commit later, and a reader who had seen the later event would miss the earlier one forever.
 */
export class Sequencer {
  readonly #database: Database<EventTables>;
  readonly #head: PreparedQuery<object, FeedHead>;
  readonly #waiting: PreparedQuery<object, { readonly id: number }>;
  readonly #runs = new Flights();

  constructor(database: Database<EventTables>) {
    this.#database = database;
    this.#head = database.prepare(() => database.query.selectFrom('event_feed').select(['feed', 'newest']));
    this.#waiting = database.prepare(() => database.query.selectFrom('event_outbox').select('id').limit(1));
  }

  /**
   * Gives positions to events that have none, and says where the feed stands. Callers at the same time share one run, but never
   * one that has begun before them: a reader may have, from another instance, events that it has not seen.
   */
  advance(): Promise<FeedHead> {
    return this.#runs.run('', () => this.#run());
  }

  async #run(): Promise<FeedHead> {
    const head = (await this.#head({}))[0] ?? (await this.#create());
    if ((await this.#waiting({})).length === 0) return head;
    try {
      const newest = await this.#database.transaction((transaction) => this.#givePositions(transaction));
      reach('positions-committed');
      return { feed: head.feed, newest };
    } catch (error) {
      // Others keep the database busy. What has a position can be read, and who waits for more goes on waiting.
      if (isAppError(error, 'STORAGE_UNAVAILABLE')) return head;
      throw error;
    }
  }

  /** The feed's only row. Another instance may make it at the same time. */
  async #create(): Promise<FeedHead> {
    try {
      await this.#database.query
        .insertInto('event_feed')
        .values({ id: 1, feed: randomUUID(), newest: 0 })
        .executeTakeFirst();
    } catch (error) {
      if (!(error instanceof UniqueViolation)) throw error;
    }
    const [head] = await this.#head({});
    if (head === undefined) throw new Error('The table event_feed has no row, though one was just inserted');
    return head;
  }

  async #givePositions({ query }: Transaction<EventTables>): Promise<number> {
    // The lock that lets one instance at a time give positions. What is read after it is what others have committed.
    const { newest } = await query
      .selectFrom('event_feed')
      .select('newest')
      .where('id', '=', 1)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const rows = await query.selectFrom('event_outbox').selectAll().orderBy('id').limit(batchSize).execute();
    if (rows.length === 0) return newest;
    const events = rows.map(
      ({ id: _id, ...event }, index): LoggedEvent => ({ ...event, position: newest + index + 1 }),
    );
    for (const part of parts(events)) await query.insertInto('event_log').values(part).executeTakeFirst();
    // Exactly these: one with a lower id may have been committed since.
    const ids = rows.map(({ id }) => id);
    await query.deleteFrom('event_outbox').where('id', 'in', ids).executeTakeFirst();
    await query
      .updateTable('event_feed')
      .set({ newest: newest + rows.length })
      .where('id', '=', 1)
      .executeTakeFirst();
    reach('positions-given');
    return newest + rows.length;
  }
}

/** Events in parts that fit into one statement. */
function* parts(events: readonly LoggedEvent[]): Generator<LoggedEvent[]> {
  let part: LoggedEvent[] = [];
  let length = 0;
  for (const event of events) {
    if (length > 0 && length + event.data.length > maxStatementLength) {
      yield part;
      part = [];
      length = 0;
    }
    part.push(event);
    length += event.data.length;
  }
  if (part.length > 0) yield part;
}
