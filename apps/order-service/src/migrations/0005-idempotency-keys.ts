import type { Migration } from '@flotilla/kit/database';
import { idempotencyTable } from '@flotilla/kit/idempotency';

/** The keys of requests that must not be done twice, with their results. */
export const idempotencyKeys: Migration = {
  id: '0005-idempotency-keys',
  sql: idempotencyTable,
  down: () => 'DROP TABLE idempotency_keys;',
  backwardCompatible: true,
};
