export type { InstanceFilter } from './catalog/instance-filter.ts';
export type { StatusCount } from './catalog/service-catalog.ts';
export { type RegistryRoutesOptions, registryRoutes } from './http/routes.ts';

export { type CheckValue, checkKey } from './record/check.ts';
export { type InstanceValue, instanceKey } from './record/instance.ts';
export type { Change, LogRecord, RecordKind, RecordLease } from './record/log-record.ts';
export type { MaintenanceValue } from './record/maintenance.ts';
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
  CommitResult,
  Condition,
  RecordStore,
  SignOfLife,
  StoreContents,
  StoreEvent,
} from './store/record-store.ts';
export { openSqliteStore, type SqliteStoreOptions } from './store/sqlite-store.ts';
export type { Watch, WatchRequest } from './watch/ring-watch.ts';
export { defaultLimits, type RegistrationLimits } from './write/registration-limits.ts';
