export { AccessGate, type AccessGateOptions } from './access/access-gate.ts';
export { TokenSource, type TokenSourceOptions } from './access/token-source.ts';
export { RequestAccess } from './admission/request-access.ts';
export type { InstanceFilter } from './catalog/instance-filter.ts';
export type { StatusCount } from './catalog/service-catalog.ts';

export { type ConsulRoutesOptions, consulRoutes } from './consul/consul-routes.ts';
export { nodeIdOf, type OwnNode } from './consul/shapes/own-node.ts';
export { type RegistryDnsOptions, registryDns } from './dns/registry-dns.ts';
export { type EurekaRoutesOptions, eurekaRoutes } from './eureka/eureka-routes.ts';

export { defaultGuardSettings } from './guard/guard-view.ts';
export { type RegistryRoutesOptions, registryRoutes } from './http/routes.ts';
export type { KeyEntry } from './keys/key-entry.ts';
export type { KeyChange, KeySnapshot, KeyWatch, KeyWatchRequest } from './keys/key-hub.ts';
export { defaultKeyLimits, type KeyLimits } from './keys/key-limits.ts';
export type { KeyFailure, KeyOperation, KeyOutcome } from './keys/key-operation.ts';
export type { Keys } from './keys/keys.ts';
export type { SessionEntry } from './keys/session-entry.ts';
export type { NewSession, Sessions } from './keys/sessions.ts';
export type { Checks } from './operations/checks.ts';
export type { Authority, Registered, RegistryStats, RenewedLease } from './operations/outcomes.ts';
export type { CheckView, InstanceView, RegistryView } from './operations/registry-view.ts';
export { type CheckPlace, type CheckValue, checkKey } from './record/check.ts';
export { type InstanceValue, instanceKey, type Origin } from './record/instance.ts';
export type { Json, JsonObject } from './record/json-object.ts';
export type { KeyValue } from './record/key.ts';
export { isInRange } from './record/key-order.ts';
export type { Change, LogRecord, RecordKind, RecordLease } from './record/log-record.ts';
export type { MaintenanceValue } from './record/maintenance.ts';
export type { SessionBehavior, SessionLink, SessionValue } from './record/session.ts';
export { createRegistry, type Registry } from './registry.ts';
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
export type { KeptLine, TrailBounds, TrailLine, TrailPage, TrailQuery } from './store/trail-line.ts';
export { defaultTrailBounds } from './store/trail-line.ts';
export type { Watch, WatchRequest } from './watch/ring-watch.ts';
export type { TopicTable, WaitEnd, WaitRequest } from './watch/topics.ts';
export type { Actor } from './write/actor.ts';
export type { Announcement } from './write/announcement-changes.ts';
export type { WantedCheck } from './write/check-changes.ts';
export { defaultLimits, type RegistrationLimits } from './write/registration-limits.ts';
