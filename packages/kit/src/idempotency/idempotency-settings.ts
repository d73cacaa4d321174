import { durationMs, type Setting } from '../config/index.ts';

/** See `IdempotencyKeysOptions`. */
export const defaultRetentionMs = 86_400_000;
/** See `IdempotencyKeysOptions`. */
export const defaultClaimMs = 15_000;

/** The settings of a service that keeps idempotency keys. */
export type IdempotencySettings = Readonly<Record<keyof IdempotencyConfig, Setting<number>>>;

/** The settings of a service that keeps idempotency keys; spread them into its own. */
export const idempotencySettings: IdempotencySettings = {
  IDEMPOTENCY_RETENTION_MS: durationMs({
    describe: 'How long the answer to a request with an `Idempotency-Key` is kept and repeated',
    default: defaultRetentionMs,
    min: 60_000,
    max: 30 * 86_400_000,
  }),
  IDEMPOTENCY_CLAIM_MS: durationMs({
    describe: 'How long a killed instance blocks the keys of the requests that it was working on',
    default: defaultClaimMs,
    min: 1_000,
    max: 60_000,
  }),
};

/** The values of these settings. */
export interface IdempotencyConfig {
  readonly IDEMPOTENCY_RETENTION_MS: number;
  readonly IDEMPOTENCY_CLAIM_MS: number;
}
