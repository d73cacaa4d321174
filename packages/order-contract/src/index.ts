export {
  maxItemLength,
  type NewOrder,
  newOrderSchema,
  type Order,
  type OrderChange,
  orderChangeSchema,
  orderSchema,
  readOrderId,
} from './order.ts';
export { orderErrors } from './order-errors.ts';
export { orderPaths, orderServiceName, orderServicePort } from './order-paths.ts';
