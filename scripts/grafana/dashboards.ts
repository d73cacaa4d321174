import { fleetDashboard } from './fleet-dashboard.ts';
import { gatewayDashboard } from './gateway-dashboard.ts';
import type { Dashboard } from './panel.ts';
import { registryDashboard } from './registry-dashboard.ts';
import { serviceDashboard } from './service-dashboard.ts';

/** The dashboards, by the names of their files. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  fleet: fleetDashboard,
  gateway: gatewayDashboard,
  service: serviceDashboard,
  registry: registryDashboard,
};
