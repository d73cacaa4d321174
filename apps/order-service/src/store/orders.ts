import { type Cache, cachedRecords, directCache } from '@flotilla/kit/cache';
import { type Database, type DatabaseDefinition, type RecordStore, recordStore } from '@flotilla/kit/database';
import type { EventFeed } from '@flotilla/kit/events';
import { showMoney } from '@flotilla/kit/resource';
import { type Order, type OrderEventSchemas, orderErrors, orderPaths, orderSchema } from '@flotilla/order-contract';
import { orderMigrations } from '../migrations/order-migrations.ts';
import { demoOrders } from './demo-orders.ts';

/** An order as it is stored: money in whole cents. */
interface OrderRow {
  readonly id: number;
  readonly user_id: number;
  readonly item: string;
  readonly amount_cents: number;
  /** Milliseconds since 1970; null while the order is open. */
  readonly cancelled_at: number | null;
}

/** Where changes of orders are published. */
export type OrderFeed = Pick<EventFeed<OrderEventSchemas>, 'add' | 'attribute'>;

/** The store of orders. */
export type OrderStore = RecordStore<OrderRow, Order>;

/** The database of orders. */
export const orderDatabase: DatabaseDefinition = { migrations: orderMigrations, demoData: demoOrders };

/** The orders in a database. Each change is published in `events`. `cache`: where those are kept that were read; default: nowhere. */
export function orderStore(database: Database<unknown>, events: OrderFeed, cache: Cache = directCache()): OrderStore {
  const stored = recordStore<OrderRow, Order>(database, {
    table: 'orders',
    columns: ['id', 'user_id', 'item', 'amount_cents', 'cancelled_at'],
    show: showOrder,
    notFound: orderErrors.ORDER_NOT_FOUND,
    // A path without its slash names the order in an event.
    alongside: (transaction, { kind, row }) =>
      events.add(transaction, {
        type: typeOf(kind, row),
        subject: orderPaths.one(row.id).slice(1),
        data: showOrder(row),
      }),
  });
  return cachedRecords(stored, cache.kind('orders', orderSchema));
}

function showOrder({ amount_cents, cancelled_at, ...rest }: OrderRow): Order {
  const order = { ...rest, amount: showMoney(amount_cents) };
  return cancelled_at === null ? order : { ...order, cancelled_at: new Date(cancelled_at).toISOString() };
}

/** A cancelled order can't be changed, so a change that leaves it cancelled has cancelled it. */
function typeOf(kind: 'added' | 'changed' | 'removed', { cancelled_at }: OrderRow): keyof OrderEventSchemas {
  switch (kind) {
    case 'added':
      return 'order.placed';
    case 'changed':
      return cancelled_at === null ? 'order.changed' : 'order.cancelled';
    case 'removed':
      return 'order.deleted';
    default:
      return kind satisfies never;
  }
}
