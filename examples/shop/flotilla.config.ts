import { defineFleet, type FleetConfig } from '@flotilla/fleet';

/** Users and orders, stock that can be reserved, and the checkout that brings them together. */
export const fleet: FleetConfig = defineFleet({
  gateway: { examples: ['/stock/apple', '/users/1/total'] },
  programs: {
    'user-service': { run: '../../apps/user-service/src/main.ts', port: 8001, ports: { GRPC_PORT: 9001 } },
    'order-service': { run: '../../apps/order-service/src/main.ts', port: 8002, ports: { GRPC_PORT: 9002 } },
    stock: { run: 'services/stock/src/main.ts', port: 8003 },
    checkout: { run: 'services/checkout/src/main.ts', port: 8004 },
  },
});
