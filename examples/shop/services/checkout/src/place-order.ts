import { AppError, isAppError, type Logger } from '@flotilla/contracts';
import type { ServiceCall } from '@flotilla/kit/idempotency';
import { type Order, orderPaths, orderSchema } from '@flotilla/order-contract';
import { z } from 'zod';
import { checkoutErrors } from './checkout-errors.ts';
import { isRefusal, runSaga, unfinished } from './saga.ts';
import type { ServiceClient } from './service-client.ts';
import { type Reservation, stockClient } from './stock-client.ts';
import { uuidOf } from './uuid-of.ts';

/** What somebody wants to buy. */
export interface Checkout {
  readonly user_id: number;
  readonly item: string;
  readonly count: number;
  /** For all of it, as order-service takes it. */
  readonly amount: number | string;
}

/** What a checkout has led to. */
export interface CheckedOut {
  readonly order: Order;
  readonly reservation: string;
}

/** An order that is not cancelled. */
const standing = z.object({ cancelled_at: z.null().optional() });

/** Who does the steps. */
export interface CheckoutServices {
  readonly stock: ServiceClient;
  readonly orders: ServiceClient;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/**
 * Reserves stock, places the order, and confirms the reservation; undoes all of it if a step fails. What the steps send is made
 * of the caller's key, so a repeated checkout repeats its steps, and none is done twice.
 *
 * @throws {AppError} INVALID_IDEMPOTENCY_KEY without a key; see `runSaga` for the others
 */
export async function placeOrder(
  checkout: Checkout,
  call: ServiceCall,
  services: CheckoutServices,
): Promise<CheckedOut> {
  const { idempotencyKey, caller = '', requestId, trace } = call;
  if (idempotencyKey === undefined)
    throw new AppError('INVALID_IDEMPOTENCY_KEY', { detail: 'A checkout needs an Idempotency-Key.' });
  const { orders, logger } = services;
  const { user_id, item, count, amount } = checkout;
  const reservation = uuidOf(caller, idempotencyKey, JSON.stringify([user_id, item, count, amount]));
  const stock = stockClient(services.stock, reservation, { requestId, trace });

  const place = async (): Promise<Order> => {
    const headers = {
      // Without what is bought, so that order-service refuses the same key for something else.
      'idempotency-key': `"checkout-${uuidOf(caller, idempotencyKey)}"`,
    };
    const body = { user_id, item: `${count} × ${item}`, amount };
    const path = orderPaths.all;
    return (await orders.call({ requestId, trace, method: 'POST', path, headers, body, schema: orderSchema })).value;
  };
  /** Whatever the order's number is, the same key tells it. */
  const cancelOrder = async (): Promise<void> => {
    try {
      const { id } = await place();
      await orders.call({ requestId, trace, method: 'POST', path: `${orderPaths.one(id)}/cancel` });
    } catch (error) {
      // It was never placed, or is gone.
      if (!isRefusal(error)) throw error;
    }
  };
  /** An earlier run may have undone it: the same key says what was answered then, not what is true now. */
  const stands = async ({ id }: Order): Promise<boolean> => {
    const { value } = await orders.call({ requestId, trace, path: orderPaths.one(id), schema: z.unknown() });
    return standing.safeParse(value).success;
  };
  const reserve = async (): Promise<Reservation> => {
    try {
      return await stock.reserve(item, count);
    } catch (error) {
      // If it is held, it expires by itself.
      if (!isRefusal(error)) throw unfinished('reserve', error);
      // An earlier run has placed an order, perhaps, and died before it could confirm.
      if (isAppError(error) && error.code === 'RESERVATION_OVER')
        await cancelOrder().catch((cause: unknown) => Promise.reject(unfinished('place the order', cause)));
      throw error;
    }
  };

  const held = await reserve();
  // All was done by an earlier run, and only its answer was lost.
  if (held.state === 'confirmed') return { order: await place(), reservation };
  return runSaga(logger, async (saga) => {
    saga.done('reserve', stock.release);
    if (!held.isNew) saga.done('place the order', cancelOrder);
    const order = await saga.step('place the order', place, cancelOrder);
    if (!held.isNew && !(await saga.step('find the order', () => stands(order))))
      throw new AppError(checkoutErrors.CHECKOUT_UNDONE);
    // Releasing the reservation would undo this too.
    await saga.step('confirm', stock.confirm);
    return { order, reservation };
  });
}
