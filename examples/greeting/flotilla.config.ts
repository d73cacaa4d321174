import { defineFleet, type FleetConfig } from '@flotilla/fleet';

/** A fleet of one service. What `weather` is, the gateway asks the registry; the tests play it. */
export const fleet: FleetConfig = defineFleet({
  programs: {
    greeting: { run: 'services/greeting/src/main.ts', port: 8003 },
  },
});
