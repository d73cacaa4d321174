import { defineFleet, type FleetConfig } from '@flotilla/fleet';

/** The fleet of this repository: what `npm start` runs. Everything that is wrong with it is said at once. */
export const fleet: FleetConfig = defineFleet({
  gateway: { examples: ['/api/user/?id=1', '/api/user-with-orders?user_id=1', '/users/1/orders'] },
  programs: {
    'user-service': {
      run: 'apps/user-service/src/main.ts',
      port: 8001,
      ports: { GRPC_PORT: 9001 },
      examples: ['/user?id=1', '/users'],
    },
    'order-service': {
      run: 'apps/order-service/src/main.ts',
      port: 8002,
      ports: { GRPC_PORT: 9002 },
      examples: ['/order?id=1', '/orders?user_id=1'],
    },
  },
});
