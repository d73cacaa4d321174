import { defineErrors, type ErrorKinds } from '@flotilla/contracts';
import { orderServiceName } from './order-paths.ts';

const rows = {
  INVALID_ORDER_ID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The order id is not valid', 'zh-CN': '无效的订单 ID' },
    cause: 'The id is missing or not a whole number from 1 to 9007199254740991.',
    action: 'Send the id as digits only, for example `id=1`.',
  },
  ORDER_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such order', 'zh-CN': '订单不存在' },
    cause: 'There is no order with this id.',
    action: 'Check the id; `GET /orders` lists all orders.',
  },
  ORDER_CANCELLED: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    message: { en: 'The order was cancelled', 'zh-CN': '订单已取消' },
    cause:
      'The order was cancelled, by a caller or because its user was deleted. It can be read and deleted, not changed.',
    action: 'Place a new order.',
  },
  ORDER_SERVICE_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The order service is not available', 'zh-CN': '订单服务不可用' },
    cause: 'No instance of order-service could be reached.',
    action: 'Retry after `Retry-After`; check that order-service is running and registered.',
  },
} as const;

/** The errors of order-service besides the core errors, and the one for callers while it is unavailable. */
export const orderErrors: ErrorKinds<typeof rows> = defineErrors(orderServiceName, rows);
