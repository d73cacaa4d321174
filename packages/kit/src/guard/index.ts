export { networkNames } from './network-names.ts';
export { createRequestGuard, type GuardField, type RequestGuard, type RequestGuardOptions } from './request-guard.ts';
