import type { PageRequest } from '@flotilla/kit/resource';
import type { NewOrder, OrderChange } from '@flotilla/order-contract';

/** An order as it is kept: money in whole cents. */
export interface StoredOrder {
  readonly id: number;
  readonly user_id: number;
  readonly item: string;
  readonly amount_cents: number;
}

/**
 * Where orders are kept. Every method may reject with STORAGE_UNAVAILABLE; what was acknowledged is still there after
 * the process is killed.
 */
export interface OrderStore {
  find(id: number): Promise<StoredOrder | undefined>;
  /** Orders with an id above `afterId`, in the order of ids. `userId`: only this user's. */
  list(page: PageRequest, userId?: number): Promise<readonly StoredOrder[]>;
  add(order: NewOrder): Promise<StoredOrder>;
  /** Gives the changed order; undefined if there is none, or it no longer is `expected`, when one is given. */
  change(id: number, change: OrderChange, expected?: StoredOrder): Promise<StoredOrder | undefined>;
  /** Gives the order that was removed; undefined if there is none, or it no longer is `expected`, when one is given. */
  remove(id: number, expected?: StoredOrder): Promise<StoredOrder | undefined>;
  /** Rejects if the database can't be used now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
