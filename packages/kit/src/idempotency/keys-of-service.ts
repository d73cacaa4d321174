import type { Clock, Logger } from '@flotilla/contracts';
import type { Database } from '../database/index.ts';
import { type IdempotencyKeys, idempotencyKeys } from './idempotency-keys.ts';
import type { IdempotencyConfig } from './idempotency-settings.ts';

/** The part of a service's context that its keys need. */
export interface KeysContext {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** The values of `idempotencySettings`. */
  readonly config: IdempotencyConfig;
  onClose(close: () => void): void;
}

/** The keys of a service's database, as its settings say; closed with the service. */
export function keysOfService(
  database: Pick<Database<unknown>, 'query' | 'transaction'>,
  { clock, logger, config, onClose }: KeysContext,
): IdempotencyKeys {
  const { IDEMPOTENCY_RETENTION_MS: retentionMs, IDEMPOTENCY_CLAIM_MS: claimMs } = config;
  const keys = idempotencyKeys({ database, clock, logger, retentionMs, claimMs });
  onClose(() => keys.close());
  return keys;
}
