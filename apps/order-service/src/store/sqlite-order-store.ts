import { DatabaseCheck, kyselyDatabase, migrate, openSqlite, seedOnce, whenUnlocked } from '@flotilla/kit/database/sqlite';
import { type Expression, type ExpressionBuilder, type Generated, Kysely, type SqlBool, SqliteDialect } from 'kysely';
import { orderMigrations } from '../migrations/order-migrations.ts';
import { demoOrders } from './demo-orders.ts';
import type { OrderStore, StoredOrder } from './order-store.ts';

/** The tables after all of `orderMigrations`. */
interface Tables {
  readonly orders: {
    readonly id: Generated<number>;
    readonly user_id: number;
    readonly item: string;
    readonly amount_cents: number;
  };
}

const columns = ['id', 'user_id', 'item', 'amount_cents'] as const;

/** What {@link openSqliteOrderStore} opens. */
export interface SqliteOrderStoreOptions {
  /** See `openSqlite`. */
  readonly file: string;
  /** Wall-clock time in milliseconds, noted with the migrations that are applied. */
  readonly now: number;
  /** Whether a database that never had an order is given the demonstration's. */
  readonly seedDemoData: boolean;
}

/**
 * Opens the orders' database, and brings it up to date.
 *
 * @throws {DatabaseSetupError} when that is not possible
 */
export function openSqliteOrderStore({ file, now, seedDemoData }: SqliteOrderStoreOptions): OrderStore {
  const database = openSqlite({ file });
  migrate(database, orderMigrations, now);
  if (seedDemoData) seedOnce(database, demoOrders);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(database) }) });

  const check = new DatabaseCheck(database);

  return {
    find: (id) => whenUnlocked(() => db.selectFrom('orders').select(columns).where('id', '=', id).executeTakeFirst()),
    list({ afterId, limit }, userId) {
      const page = db.selectFrom('orders').select(columns).where('id', '>', afterId).orderBy('id').limit(limit);
      return whenUnlocked(() => (userId === undefined ? page : page.where('user_id', '=', userId)).execute());
    },
    add: (order) =>
      whenUnlocked(() => db.insertInto('orders').values(order).returning(columns).executeTakeFirstOrThrow()),
    change: (id, { item, amount_cents }, expected) =>
      whenUnlocked(() =>
        db
          .updateTable('orders')
          .set({
            ...(item === undefined ? {} : { item }),
            ...(amount_cents === undefined ? {} : { amount_cents }),
          })
          .where(isStill(id, expected))
          .returning(columns)
          .executeTakeFirst(),
      ),
    remove: (id, expected) =>
      whenUnlocked(() => db.deleteFrom('orders').where(isStill(id, expected)).returning(columns).executeTakeFirst()),
    check: () => check.run(),
    close: () => db.destroy(),
  };
}

/** Compares in the statement that writes: between two statements another writer could come. */
function isStill(id: number, expected: StoredOrder | undefined) {
  return (row: ExpressionBuilder<Tables, 'orders'>): Expression<SqlBool> =>
    row.and(expected === undefined ? { id } : { ...expected, id });
}
