import { defineFleet } from '@flotilla/fleet';

/** The programs of this fleet. `npm start` runs them, with a registry and a gateway. */
export const fleet = defineFleet({
  gateway: { routes: './gateway.config.ts', examples: ['/tiny-gadgets'] },
  programs: {
    'tiny-gadget-service': { run: 'services/tiny-gadget/main.ts', port: 8001 },
  },
});
