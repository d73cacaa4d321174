export type { InstanceFilter } from './catalog/instance-filter.ts';
export type { StatusCount } from './catalog/service-catalog.ts';
export { type RegistryRoutesOptions, registryRoutes } from './http/routes.ts';

export {
  type Authority,
  createRegistry,
  type Registered,
  type Registry,
  type RegistryStats,
  type RenewedLease,
} from './registry.ts';
export { registryMetrics } from './registry-metrics.ts';
export type { Membership, Notice, RegistryOptions } from './state/options.ts';
export type {
  Change,
  CommitResult,
  InstanceRecord,
  InstanceStore,
  MaintenanceRecord,
  SignOfLife,
  StoreContents,
  StoredInstance,
} from './store/instance-store.ts';
export { openSqliteStore, type SqliteStoreOptions } from './store/sqlite-store.ts';
export type { Watch, WatchRequest } from './watch/watch-hub.ts';
export { defaultLimits, type RegistrationLimits } from './write/registration-limits.ts';
