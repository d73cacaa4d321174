import {
  checkRequest,
  type GrpcCall,
  given,
  type ImplementedService,
  implement,
  nextPageToken,
  readIfMatch,
  readPageMessage,
  readRequestId,
  sendTag,
  serviceCallOf,
} from '@flotilla/kit/grpc';
import { type Order, orderErrors } from '@flotilla/order-contract';
import {
  newOrderMessageSchema,
  OrderService,
  orderChangeMessageSchema,
  toOrderMessage,
} from '@flotilla/order-contract/grpc';
import { userErrors } from '@flotilla/user-contract';
import type { Orders } from '../orders.ts';

/** The methods of `orders.proto`: the same functions as the routes, spoken to in messages. */
export function orderMethods(orders: Orders): ImplementedService {
  return implement(OrderService, {
    getOrder: async ({ id }, call) => tagged(await orders.get(readId(id)), call),

    async listOrders({ userId, ...request }) {
      const page = await orders.page(readPageMessage(request), {
        userId: userId === undefined ? undefined : readRequestId(userId, userErrors.INVALID_USER_ID, 'user_id'),
      });
      return { orders: page.rows.map(toOrderMessage), nextPageToken: nextPageToken(page) };
    },

    async createOrder({ userId, item, amountCents }, call) {
      const order = checkRequest(newOrderMessageSchema, {
        user_id: given(userId),
        item: given(item),
        amount_cents: given(amountCents),
      });
      return tagged(await orders.add(order, serviceCallOf(call)), call);
    },

    async updateOrder({ id, item, amountCents, ifMatch }, call) {
      const change = checkRequest(orderChangeMessageSchema, { item, amount_cents: amountCents });
      return tagged(await orders.change(readId(id), change, call, readIfMatch(ifMatch)), call);
    },

    cancelOrder: async ({ id, ifMatch }, call) =>
      tagged(await orders.cancel(readId(id), call, readIfMatch(ifMatch)), call),

    async deleteOrder({ id, ifMatch }, call) {
      await orders.remove(readId(id), call, readIfMatch(ifMatch));
      return {};
    },
  });
}

function readId(id: bigint): number {
  return readRequestId(id, orderErrors.INVALID_ORDER_ID);
}

/** An order as the answer to a call. */
function tagged(order: Order, call: GrpcCall): ReturnType<typeof toOrderMessage> {
  sendTag(call, order);
  return toOrderMessage(order);
}
