export { amountSchema, maxAmount, parseAmount, showAmount } from './amount.ts';
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
export { orderErrors, orderFieldErrors } from './order-errors.ts';
export { orderPaths, orderServiceName, orderServicePort } from './order-paths.ts';
