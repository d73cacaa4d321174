import type { Clock } from '@flotilla/contracts';
import type { Cache } from '@flotilla/kit/cache';
import type { Database } from '@flotilla/kit/database';
import type { IdempotencyKeys, ServiceCall } from '@flotilla/kit/idempotency';
import type { Page, PageQuery, Precondition } from '@flotilla/kit/resource';
import type { NewOrder, Order, OrderChange } from '@flotilla/order-contract';
import type { UserClient } from '@flotilla/user-contract';
import { KnownUsers } from './store/known-users.ts';
import { type OrderFeed, orderStore } from './store/orders.ts';
import { cancelOrder } from './use-cases/cancel-order.ts';
import { changeOrder } from './use-cases/change-order.ts';
import { createOrder } from './use-cases/create-order.ts';

/** What order-service does, for the adapters of all protocols. They read ids and bodies; errors come as codes. */
export interface Orders {
  /** @throws {AppError} ORDER_NOT_FOUND */
  get(id: number): Promise<Order>;
  /** One page of the orders, in the order of ids: all, or one user's. */
  page(query: PageQuery, where: { readonly userId: number | undefined }): Promise<Page<Order>>;
  /** Done once for each idempotency key. @throws {AppError} USER_NOT_FOUND; USER_SERVICE_UNAVAILABLE. Nothing is written then */
  add(order: NewOrder, call: ServiceCall): Promise<Order>;
  /**
   * @param condition what the caller has read. Default: none
   * @throws {AppError} ORDER_NOT_FOUND; ORDER_CANCELLED; PRECONDITION_FAILED
   */
  change(id: number, change: OrderChange, call: ServiceCall, condition?: Precondition): Promise<Order>;
  /**
   * Cancels an order and returns it; one that is cancelled already stays as it is.
   *
   * @param condition what the caller has read. Default: none
   * @throws {AppError} ORDER_NOT_FOUND; PRECONDITION_FAILED
   */
  cancel(id: number, call: ServiceCall, condition?: Precondition): Promise<Order>;
  /** Removes an order and returns it as it was. @throws {AppError} ORDER_NOT_FOUND; PRECONDITION_FAILED */
  remove(id: number, call: ServiceCall, condition?: Precondition): Promise<Order>;
}

/** What {@link orderService} is made of. */
export interface OrderServiceParts {
  readonly database: Database<unknown>;
  readonly keys: IdempotencyKeys;
  /** Where orders are kept that were read. Default: nowhere. */
  readonly cache?: Cache;
  readonly clock: Clock;
  /** Where changes of orders are published. */
  readonly events: OrderFeed;
  /** Who knows the users of whom nothing is known here yet. */
  readonly users: Pick<UserClient, 'find'>;
}

/** Builds the service, once in a program. */
export function orderService({ database, clock, keys, cache, events, users }: OrderServiceParts): Orders {
  const orders = orderStore(database, events, cache);
  /** The database, with transactions whose events are told as caused by the call. */
  const causedBy = ({ trace }: ServiceCall): Pick<Database<unknown>, 'transaction'> => ({
    transaction: (work) =>
      database.transaction((transaction) => {
        events.attribute(transaction, trace);
        return work(transaction);
      }),
  });
  const parts = { database, clock, keys, orders, events, knownUsers: new KnownUsers(database), users };
  return {
    get: (id) => orders.get(id),
    page: (query, { userId }) => orders.page(query, { user_id: userId }),
    add: (order, call) => createOrder(parts, order, call),
    change: (id, change, call, condition) => changeOrder({ ...parts, database: causedBy(call) }, id, change, condition),
    cancel: (id, call, condition) => cancelOrder({ ...parts, database: causedBy(call) }, id, condition),
    remove: (id, call, condition) =>
      causedBy(call).transaction((transaction) => orders.within(transaction).remove(id, condition)),
  };
}
