import { kyselyDatabase, migrate, openSqlite } from '@flotilla/kit/sqlite';
import { type Generated, Kysely, SqliteDialect } from 'kysely';
import { orderMigrations } from '../migrations/order-migrations.ts';
import type { OrderStore } from './order-store.ts';

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

/**
 * Opens the orders' database, and brings it up to date.
 *
 * @param file see `openSqlite`
 * @param now wall-clock time in milliseconds, noted with the migrations that are applied
 * @throws {DatabaseSetupError} when that is not possible
 */
export function openSqliteOrderStore(file: string, now: number): OrderStore {
  const database = openSqlite({ file });
  migrate(database, orderMigrations, now);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(database) }) });

  return {
    find: (id) => db.selectFrom('orders').select(columns).where('id', '=', id).executeTakeFirst(),
    list({ afterId, limit }, userId) {
      const page = db.selectFrom('orders').select(columns).where('id', '>', afterId).orderBy('id').limit(limit);
      return (userId === undefined ? page : page.where('user_id', '=', userId)).execute();
    },
    add: (order) => db.insertInto('orders').values(order).returning(columns).executeTakeFirstOrThrow(),
    change: (id, { item, amount_cents }) =>
      db
        .updateTable('orders')
        .set({
          ...(item === undefined ? {} : { item }),
          ...(amount_cents === undefined ? {} : { amount_cents }),
        })
        .where('id', '=', id)
        .returning(columns)
        .executeTakeFirst(),
    async remove(id) {
      return (await db.deleteFrom('orders').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
    },
    async check() {
      await db.selectFrom('orders').select('id').limit(1).execute();
    },
    close: () => db.destroy(),
  };
}
