// What the functions here give: declarations made of a user's code name these, and the user has this package.
export type { ActiveRegistration, Discovery, Endpoint, Registrar, ServiceSnapshot } from '@flotilla/contracts';
export type { CentralConfig } from '@flotilla/contracts/central-config';
export type { RegistryUrls } from '@flotilla/contracts/registry-urls';
export { centralConfigFor, discoveryFor, type RegistrySettings, registrarFor, registryUrls } from './registry-for.ts';
export type { RegistryKind, RegistryOptions } from './registry-kind.ts';
export type { ClientLogger } from './retry/outage-log.ts';
