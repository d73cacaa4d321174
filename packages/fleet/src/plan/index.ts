export { callableHost } from './callable-host.ts';
export type { PlacedSpec } from './finish-environments.ts';
