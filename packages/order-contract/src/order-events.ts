import { defineEvents, type EventKinds, type EventOf } from '@flotilla/kit/events/kinds';
import type { z } from 'zod';
import { type Order, orderSchema } from './order.ts';
import { orderServiceName } from './order-paths.ts';

/** The data of order-service's events: the order as it is afterwards, or as it was when it was deleted. */
export type OrderEventSchemas = {
  readonly 'order.placed': z.ZodType<Order>;
  readonly 'order.changed': z.ZodType<Order>;
  readonly 'order.cancelled': z.ZodType<Order>;
  readonly 'order.deleted': z.ZodType<Order>;
};

/** What order-service tells at `/events`. */
export const orderEvents: EventKinds<OrderEventSchemas> = defineEvents(orderServiceName, {
  'order.placed': orderSchema,
  'order.changed': orderSchema,
  'order.cancelled': orderSchema,
  'order.deleted': orderSchema,
});

/** An event of order-service. */
export type OrderEvent = EventOf<OrderEventSchemas>;
