import { defineGateway, type GatewayConfig } from '@flotilla/gateway';

/** The routes. Reservations are not among them: only the checkout makes them. */
export const gateway: GatewayConfig = defineGateway({
  routes: [
    { kind: 'proxy', match: '/orders/{id}', methods: ['GET'], service: 'order-service' },
    { kind: 'proxy', match: '/stock/{item}', methods: ['GET'], service: 'stock' },
    // The checkout tells its steps apart by the key, so the gateway may repeat one that it has lost.
    { kind: 'proxy', match: '/checkouts', methods: ['POST'], service: 'checkout', idempotencyKeys: true },
    { kind: 'proxy', match: '/users/{id}/total', methods: ['GET'], service: 'checkout' },
  ],
});
