export {
  maxItemLength,
  type NewOrder,
  newOrderSchema,
  type Order,
  type OrderChange,
  type OrderChangeToSend,
  type OrderToPlace,
  orderChangeSchema,
  orderSchema,
} from './order.ts';
export { type OrderApi, orderApi } from './order-api.ts';
export { orderErrors } from './order-errors.ts';
export { type OrderEvent, type OrderEventSchemas, orderEvents } from './order-events.ts';
export { orderGrpcPort, orderPaths, orderServiceName, orderServicePort } from './order-paths.ts';
