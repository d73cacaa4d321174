export {
  type IdempotencyKeys,
  type IdempotencyKeysOptions,
  idempotencyKeys,
  type OnceOptions,
  type OnceSteps,
} from './idempotency-keys.ts';
export { type IdempotencyConfig, type IdempotencySettings, idempotencySettings } from './idempotency-settings.ts';
export { idempotencyTable } from './idempotency-table.ts';
export { type KeysContext, keysOfService } from './keys-of-service.ts';
export { maxIdempotencyKeyLength, readIdempotencyKey } from './read-idempotency-key.ts';
export { callerOf, type ServiceCall } from './service-call.ts';
