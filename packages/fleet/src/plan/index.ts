export { callableHost } from './callable-host.ts';
export type { PlacedSpec } from './placed-spec.ts';
