export { type CheckedFleet, checkFleet, nearestProgram } from './check-fleet.ts';
export { mostInstances } from './check-program.ts';
export { findMissing } from './find-missing.ts';
export { dashboardName, type Fleet, gatewayName, type Program, registryName } from './fleet.ts';
export { findFleetFile, type LoadedFleet, loadFleet } from './load-fleet.ts';
