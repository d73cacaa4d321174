import { defineErrors, type ErrorKinds } from '@flotilla/contracts';

const rows = {
  ITEM_NOT_FOUND: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such item', 'zh-CN': '商品不存在' },
    cause: 'The shop never had an item of this name.',
    action: 'Check the name.',
  },
  OUT_OF_STOCK: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    message: { en: 'Out of stock: {left} left', 'zh-CN': '仅剩 {left} 件' },
    cause: 'The rest is sold or reserved.',
    action: 'Ask for fewer, or later.',
  },
  RESERVATION_OVER: {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    message: { en: 'The reservation is over', 'zh-CN': '预留已失效' },
    cause: 'It has expired or was released.',
    action: 'Make a new one, with another id.',
  },
} as const;

/** The errors of stock. */
export const stockErrors: ErrorKinds<typeof rows> = defineErrors('stock', rows);
