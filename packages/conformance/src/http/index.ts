export type { HostileTargets } from './hostile-request.ts';
export { assertWithstands } from './withstand.ts';
