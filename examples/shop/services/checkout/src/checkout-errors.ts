import { defineErrors, type ErrorKinds } from '@flotilla/contracts';

const rows = {
  STOCK_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'Stock is not available', 'zh-CN': '库存服务不可用' },
    cause: 'No instance of stock could be reached.',
    action: 'Retry after `Retry-After`.',
  },
  CHECKOUT_UNDONE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: false,
    message: { en: 'The checkout failed and was undone', 'zh-CN': '结账失败，已全部撤销' },
    cause: 'A service gave no answer to one of the steps. All steps were undone.',
    action: 'Send it again, with a new key.',
  },
  CHECKOUT_UNFINISHED: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The checkout is neither done nor undone', 'zh-CN': '结账既未完成，也未撤销' },
    cause: 'A service gave no answer, neither to a step nor to undoing it.',
    action:
      'Send it again with the same key, to finish it. What is reserved is free again when the reservation expires.',
  },
} as const;

/** The errors of the checkout, besides those of the services that it calls. */
export const checkoutErrors: ErrorKinds<typeof rows> = defineErrors('checkout', rows);
