export type { PlacedSpec } from './finish-environments.ts';
