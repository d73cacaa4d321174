export { type FixedInstance, staticDiscovery } from './discovery/static-discovery.ts';
export type { RegistryClientOptions } from './flotilla/client-options.ts';
export { createDiscovery, type DiscoveryOptions } from './flotilla/create-discovery.ts';
export { createRegistrar } from './flotilla/create-registrar.ts';
export type { ClientLogger } from './retry/outage-log.ts';
export type { HttpAnswer, HttpCall, Transport } from './transport/transport.ts';
