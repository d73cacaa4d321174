export { type PortState, probePort } from '../ports/probe-port.ts';
export type { FleetLogger } from './fleet-logger.ts';
export { type PreparedFleet, prepareFleet, type Wishes } from './prepare-fleet.ts';
export { type FleetOptions, RunningFleet } from './running-fleet.ts';
