import { type Database, type DatabaseDefinition, type RecordStore, recordStore } from '@flotilla/kit/database';
import { showMoney } from '@flotilla/kit/resource';
import { type Order, orderErrors } from '@flotilla/order-contract';
import { orderMigrations } from '../migrations/order-migrations.ts';
import { demoOrders } from './demo-orders.ts';

/** An order as it is stored: money in whole cents. */
interface OrderRow {
  readonly id: number;
  readonly user_id: number;
  readonly item: string;
  readonly amount_cents: number;
}

/** The store of orders. */
export type OrderStore = RecordStore<OrderRow, Order>;

/** The database of orders. */
export const orderDatabase: DatabaseDefinition = { migrations: orderMigrations, demoData: demoOrders };

/** The orders in a database. */
export function orderStore(database: Database<unknown>): OrderStore {
  return recordStore<OrderRow, Order>(database, {
    table: 'orders',
    columns: ['id', 'user_id', 'item', 'amount_cents'],
    show: ({ amount_cents, ...rest }) => ({ ...rest, amount: showMoney(amount_cents) }),
    notFound: orderErrors.ORDER_NOT_FOUND,
  });
}
