import { defineGateway, type GatewayConfig } from '@flotilla/gateway';
import { orderErrors } from '@flotilla/order-contract/errors';
import { userErrors } from '@flotilla/user-contract/errors';

/**
 * The routes of this fleet. Checked at start: everything that is wrong is reported at once and nothing is started.
 * Services are named as in the registry; where they run is looked up there, never written here.
 */
export const gateway: GatewayConfig = defineGateway({
  services: {
    'user-service': { unavailable: userErrors.USER_SERVICE_UNAVAILABLE },
    'order-service': { unavailable: orderErrors.ORDER_SERVICE_UNAVAILABLE },
  },
  routes: [
    // The addresses that never change: the prefix is exchanged, the query goes along.
    { kind: 'proxy', match: '/api/user/', service: 'user-service', rewrite: '/user' },
    { kind: 'proxy', match: '/api/order/', service: 'order-service', rewrite: '/order' },
    {
      kind: 'aggregate',
      match: '/api/user-with-orders',
      parameters: { user_id: { in: 'query', type: 'id', error: userErrors.INVALID_USER_ID } },
      parts: {
        user: { service: 'user-service', target: '/user?id={user_id}', need: 'required' },
        orders: { service: 'order-service', target: '/orders?user_id={user_id}', need: 'required' },
      },
    },

    // The modern form of the same things.
    { kind: 'proxy', match: '/users', service: 'user-service', idempotencyKeys: true },
    { kind: 'proxy', match: '/users/{id}', service: 'user-service' },
    { kind: 'proxy', match: '/orders', service: 'order-service', idempotencyKeys: true },
    { kind: 'proxy', match: '/orders/{id}', service: 'order-service' },
    { kind: 'proxy', match: '/orders/{id}/cancel', methods: ['POST'], service: 'order-service' },
    {
      kind: 'proxy',
      match: '/users/{id}/orders',
      methods: ['GET'],
      service: 'order-service',
      rewrite: '/orders?user_id={id}',
    },
    {
      kind: 'aggregate',
      match: '/users/{id}/overview',
      parameters: { id: { in: 'path', type: 'id', error: userErrors.INVALID_USER_ID } },
      deadlineMs: 2_000,
      parts: {
        user: { service: 'user-service', target: '/users/{id}', need: 'required' },
        // An overview without its orders is still worth having: they are then named in `missing`.
        orders: { service: 'order-service', target: '/orders?user_id={id}', need: 'optional', timeoutMs: 1_000 },
      },
    },
  ],
});
