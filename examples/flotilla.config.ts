import { defineFleet, type FleetConfig } from '@flotilla/fleet';

/** A fleet of services in three languages: `flotilla up` in this folder runs it. */
export const fleet: FleetConfig = defineFleet({
  gateway: { examples: ['/offers/apple', '/stock/pear', '/quotes/quince'] },
  programs: {
    'stock-service': {
      // "go run" would not pass SIGTERM on to what it has built.
      command: ['sh', '-c', 'go build -o dist/ . && exec dist/stock-service'],
      folder: 'stock-service',
      port: 8011,
      health: '/ready',
      registers: 'itself',
    },
    'quote-service': {
      command: ['python3', 'main.py'],
      folder: 'quote-service',
      port: 8012,
      health: '/ready',
      registers: 'itself',
    },
    // Knows nothing of the registry, so `flotilla` registers it for as long as it is healthy.
    'delivery-service': { command: ['node', 'main.mjs'], folder: 'delivery-service', port: 8013, health: '/health' },
  },
});
