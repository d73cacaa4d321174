import { defineGateway, type GatewayConfig } from '@flotilla/gateway';

/** The routes of the example fleet. The gateway does not care in which language a service is written. */
export const gateway: GatewayConfig = defineGateway({
  routes: [
    { kind: 'proxy', match: '/stock/{article}', methods: ['GET'], service: 'stock-service' },
    { kind: 'proxy', match: '/quotes/{article}', methods: ['GET'], service: 'quote-service' },
    { kind: 'proxy', match: '/delivery/{article}', methods: ['GET'], service: 'delivery-service' },
    {
      kind: 'aggregate',
      match: '/offers/{article}',
      parameters: { article: { in: 'path', type: 'text' } },
      parts: {
        stock: { service: 'stock-service', target: '/stock/{article}', need: 'required' },
        price: { service: 'quote-service', target: '/quotes/{article}', need: 'required' },
        // An offer without it is still worth having.
        delivery: { service: 'delivery-service', target: '/delivery/{article}', need: 'optional' },
      },
    },
  ],
});
