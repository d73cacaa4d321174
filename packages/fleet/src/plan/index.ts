export { finishEnvironments, type PlacedSpec } from './finish-environments.ts';
export { readOwnFiles } from './own-files.ts';
export { planFleet } from './plan-fleet.ts';
export { type Program, programs, registryName } from './programs.ts';
