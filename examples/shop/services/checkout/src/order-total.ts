import { AppError, type Clock, isAppError } from '@flotilla/contracts';
import type { ServiceCall } from '@flotilla/kit/idempotency';
import { moneySchema, showMoney } from '@flotilla/kit/resource';
import { orderErrors, orderPaths } from '@flotilla/order-contract';
import { z } from 'zod';
import type { ServiceClient } from './service-client.ts';

/** What a user has ordered, cancelled orders left out. */
export interface OrderTotal {
  readonly user_id: number;
  readonly orders: number;
  /** Exact to the cent. */
  readonly amount: number;
}

/** How orders are read. */
export interface TotalOptions {
  readonly orders: ServiceClient;
  readonly clock: Clock;
  /** How many orders one page has. */
  readonly pageSize: number;
  /** How long the whole may take. */
  readonly deadlineMs: number;
}

/**
 * The part of an order that counts. Other fields may come and go; a release of order-service that knows no cancelled orders sends no
 * `cancelled_at`. An amount comes out in whole cents.
 */
const page = z.array(z.object({ amount: moneySchema, cancelled_at: z.string().nullish() }));

const pauseMs = 100;

/**
 * Adds up a user's orders, page by page. While order-service is away, or has just been restarted, it asks again until the
 * deadline. There is never a part of a sum: it is all of them, or an error.
 *
 * @throws {AppError} ORDER_SERVICE_UNAVAILABLE
 */
export async function orderTotal(
  user_id: number,
  { requestId, trace }: ServiceCall,
  { orders, clock, pageSize, deadlineMs }: TotalOptions,
): Promise<OrderTotal> {
  const endMs = clock.monotonicMs() + deadlineMs;
  let path: string | undefined = `${orderPaths.all}?user_id=${user_id}&limit=${pageSize}`;
  let [cents, count] = [0, 0];
  while (path !== undefined) {
    const { value, headers } = await patiently({ requestId, trace, path, schema: page });
    for (const { amount, cancelled_at } of value) {
      if (typeof cancelled_at === 'string') continue;
      cents += amount;
      count += 1;
    }
    if (!Number.isSafeInteger(cents)) throw new AppError('INTERNAL', { cause: new Error('The sum is too large') });
    path = nextPage(headers['link'], path);
  }
  return { user_id, orders: count, amount: showMoney(cents) };

  async function patiently<T>(call: Parameters<typeof orders.call<T>>[0]): ReturnType<typeof orders.call<T>> {
    for (;;) {
      const leftMs = endMs - clock.monotonicMs();
      try {
        if (leftMs <= 0) throw unavailable('The orders did not come in time');
        return await orders.call(call, leftMs);
      } catch (error) {
        if (!isAppError(error, orderErrors.ORDER_SERVICE_UNAVAILABLE) || leftMs <= pauseMs) throw error;
        await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
      }
    }
  }
}

/** The path in a `Link` header that leads to the next page; undefined on the last one. */
function nextPage(link: string | readonly string[] | undefined, current: string): string | undefined {
  if (link === undefined) return undefined;
  const next = /^<(\/orders\?[^>]+)>; rel="next"$/.exec(String(link))?.[1];
  if (next === undefined || next === current)
    throw unavailable(`The link to the next page is not valid: ${String(link)}`);
  return next;
}

function unavailable(reason: string): AppError {
  return new AppError(orderErrors.ORDER_SERVICE_UNAVAILABLE, { cause: new Error(reason), retryAfterMs: 1_000 });
}
