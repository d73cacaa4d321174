export { discoveryFor, registrarFor, registryUrls } from './registry-for.ts';
export type { RegistryKind, RegistryOptions } from './registry-kind.ts';
export type { ClientLogger } from './retry/outage-log.ts';
