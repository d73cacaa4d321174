import { defineGateway } from '@flotilla/gateway';

/** What the gateway serves. Mistakes in this file are reported at start. */
export const gateway = defineGateway({
  routes: [
    { kind: 'proxy', match: '/tiny-gadgets', service: 'tiny-gadget-service' },
    { kind: 'proxy', match: '/tiny-gadgets/{id}', service: 'tiny-gadget-service' },
  ],
});
