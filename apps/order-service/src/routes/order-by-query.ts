import { type HttpApp, tagAnswer } from '@flotilla/kit/http';
import { orderPaths, readOrderId } from '@flotilla/order-contract';
import { z } from 'zod';
import type { OrderStore } from '../store/order-store.ts';
import { findOrder } from '../use-cases/find-order.ts';

// The id is read by the handler and not by the schema, so that a bad one is INVALID_ORDER_ID in every form it can have.
const querystring = z.strictObject({ id: z.unknown().optional() });

/** The tutorial's address of one order: `GET /order?id=1`. */
export function addOrderByQuery(app: HttpApp, orders: OrderStore): void {
  app.get(orderPaths.byQuery, { schema: { querystring }, onSend: tagAnswer }, (request) =>
    findOrder(orders, readOrderId(request.query.id, '?id')),
  );
}
