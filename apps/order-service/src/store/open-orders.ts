import { AppError } from '@flotilla/contracts';
import type { Database, Transaction } from '@flotilla/kit/database';
import { orderErrors } from '@flotilla/order-contract';

interface Tables {
  readonly orders: { readonly id: number; readonly user_id: number; readonly cancelled_at: number | null };
}

/**
 * Locks an order until the end of the transaction, so that nobody cancels it meanwhile.
 *
 * @returns whether it is open
 * @throws {AppError} ORDER_NOT_FOUND
 */
export async function lockOrder(transaction: Transaction, id: number): Promise<boolean> {
  const order = await tablesOf(transaction)
    .selectFrom('orders')
    .select('cancelled_at')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (order === undefined) throw new AppError(orderErrors.ORDER_NOT_FOUND);
  return order.cancelled_at === null;
}

/** The ids of open orders of a user, locked until the end of the transaction; in the order of ids, at most `limit`. */
export async function lockOpenOrders(
  transaction: Transaction,
  userId: number,
  limit: number,
): Promise<readonly number[]> {
  const rows = await tablesOf(transaction)
    .selectFrom('orders')
    .select('id')
    .where('user_id', '=', userId)
    .where('cancelled_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

/** The builder's types do not depend on anything that the object holds. */
function tablesOf(transaction: Transaction): Database<Tables>['query'] {
  return transaction.query;
}
