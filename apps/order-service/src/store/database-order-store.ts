import {
  type DatabaseOptions,
  type Expression,
  type ExpressionBuilder,
  type Generated,
  openDatabase,
  type SqlBool,
} from '@flotilla/kit/database';
import type { PageRequest } from '@flotilla/kit/resource';
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

/** What {@link openOrderStore} opens. */
export interface OrderStoreOptions extends Pick<DatabaseOptions, 'url' | 'clock'> {
  /** Whether a database that never had an order is given the demonstration's. */
  readonly seedDemoData: boolean;
}

/**
 * Opens the orders' database, and brings it up to date.
 *
 * @throws {DatabaseSetupError} when that is not possible
 */
export async function openOrderStore({ seedDemoData, ...where }: OrderStoreOptions): Promise<OrderStore> {
  const seed = seedDemoData ? demoOrders : undefined;
  const database = await openDatabase<Tables>({ ...where, migrations: orderMigrations, seed });
  const { query } = database;
  const byId = database.prepare(({ id }: { readonly id: number }) =>
    query.selectFrom('orders').select(columns).where('id', '=', id),
  );
  const pageQuery = ({ afterId, limit }: PageRequest) =>
    query.selectFrom('orders').select(columns).where('id', '>', afterId).orderBy('id').limit(limit);
  const page = database.prepare(pageQuery);
  const pageOfUser = database.prepare((wanted: PageRequest & { readonly userId: number }) =>
    pageQuery(wanted).where('user_id', '=', wanted.userId),
  );
  return {
    find: async (id) => (await byId({ id }))[0],
    list: (wanted, userId) => (userId === undefined ? page(wanted) : pageOfUser({ ...wanted, userId })),
    add: (order) => query.insertInto('orders').values(order).returning(columns).executeTakeFirstOrThrow(),
    change: (id, { item, amount_cents }, expected) =>
      query
        .updateTable('orders')
        .set({
          ...(item === undefined ? {} : { item }),
          ...(amount_cents === undefined ? {} : { amount_cents }),
        })
        .where(isStill(id, expected))
        .returning(columns)
        .executeTakeFirst(),
    remove: (id, expected) =>
      query.deleteFrom('orders').where(isStill(id, expected)).returning(columns).executeTakeFirst(),
    check: () => database.check(),
    close: () => database.close(),
  };
}

/** Compares in the statement that writes: between two statements another writer could come. */
function isStill(id: number, expected: StoredOrder | undefined) {
  return (row: ExpressionBuilder<Tables, 'orders'>): Expression<SqlBool> =>
    row.and(expected === undefined ? { id } : { ...expected, id });
}
