import { type Database, type PreparedQuery, type Transaction, UniqueViolation } from '../database/index.ts';
import type { ConsumerTables } from './event-tables.ts';

/** How far a consumer is. */
export interface Place {
  readonly feed: string;
  /** The last event whose effect is written. */
  readonly position: number;
  /** Whether the records are copied that the events change. */
  readonly copied: boolean;
}

/** Another instance of the consumer has moved its position: what this one was about to write is written. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';

  constructor() {
    super('Another instance of this consumer was faster');
  }
}

/**
 * The position of one consumer, in its own database, shared by all instances. Whatever moves it does so in the transaction of
 * the effect, and only from the place that it has read: so an effect is written once, whoever else tries.
 */
export class ConsumerPosition {
  readonly #name: string;
  readonly #database: Database<ConsumerTables>;
  readonly #read: PreparedQuery<{ readonly name: string }, ConsumerTables['event_consumers']>;

  constructor(name: string, database: Database<ConsumerTables>) {
    this.#name = name;
    this.#database = database;
    this.#read = database.prepare(({ name: consumer }: { readonly name: string }) =>
      database.query
        .selectFrom('event_consumers')
        .select(['name', 'feed', 'position', 'copied'])
        .where('name', '=', consumer),
    );
  }

  /** Where the consumer is; undefined if it has not begun. */
  async read(): Promise<Place | undefined> {
    const [row] = await this.#read({ name: this.#name });
    return row === undefined ? undefined : placeOf(row);
  }

  /**
   * Runs `work` and moves the consumer, together. Its row is locked meanwhile, so that instances do so one after another.
   *
   * @param from the place from which it moves; undefined: it has not begun
   * @throws {Overtaken} when it is at another place; nothing is written then
   */
  async move(from: Place | undefined, to: Place, work: (transaction: Transaction) => Promise<void>): Promise<void> {
    try {
      await this.#database.transaction(async (transaction) => {
        const { query } = transaction;
        const { feed, position } = to;
        const values = { feed, position, copied: to.copied ? 1 : 0 };
        if (from === undefined) {
          await query
            .insertInto('event_consumers')
            .values({ name: this.#name, ...values })
            .executeTakeFirst();
        } else {
          await this.#requirePlace(transaction, from);
          await query.updateTable('event_consumers').set(values).where('name', '=', this.#name).executeTakeFirst();
        }
        await work(withoutTables(transaction));
      });
    } catch (error) {
      throw from === undefined && error instanceof UniqueViolation ? new Overtaken() : error;
    }
  }

  async #requirePlace({ query }: Transaction<ConsumerTables>, { feed, position, copied }: Place): Promise<void> {
    const row = await query
      .selectFrom('event_consumers')
      .selectAll()
      .where('name', '=', this.#name)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined || row.feed !== feed || row.position !== position || placeOf(row).copied !== copied)
      throw new Overtaken();
  }
}

function placeOf({ feed, position, copied }: ConsumerTables['event_consumers']): Place {
  return { feed, position, copied: copied === 1 };
}

/** The builder's types do not depend on anything that the object holds. */
function withoutTables(transaction: Transaction<ConsumerTables>): Transaction {
  return transaction as unknown as Transaction;
}
