import { defineGateway, type GatewayConfig } from '@flotilla/gateway';

/** The routes. A greeting that takes longer than half a second is not worth waiting for. */
export const gateway: GatewayConfig = defineGateway({
  routes: [
    { kind: 'proxy', match: '/greeting', service: 'greeting', timeouts: { firstByteMs: 500 } },
    {
      kind: 'aggregate',
      match: '/welcome',
      parameters: { name: { in: 'query', type: 'text' } },
      parts: {
        greeting: { service: 'greeting', target: '/greeting?name={name}', need: 'required' },
        // A welcome without it is still one.
        weather: { service: 'weather', target: '/today', need: 'optional' },
      },
    },
  ],
});
