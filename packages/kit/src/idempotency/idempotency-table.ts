import type { SchemaWords } from '../database/index.ts';

/** A row of `idempotency_keys`. Times are milliseconds since the Unix epoch. */
export interface IdempotencyRow {
  /** What the key is made of: operation, caller and the caller's key, as a hash in hexadecimal digits. */
  readonly id: string;
  /** Of what was asked with it. */
  readonly fingerprint: string;
  /** Who works on it, or did: only who has set this value may set the outcome. */
  readonly claim: string;
  /** Until then nobody else takes it over, unless there is an outcome. */
  readonly claimed_until: number;
  readonly expires_at: number;
  /** A `StoredOutcome` as JSON; null while the work goes on. */
  readonly outcome: string | null;
}

/** The tables, for the query builder. */
export interface IdempotencyTables {
  readonly idempotency_keys: IdempotencyRow;
}

/** The SQL of the table, for a migration of each service that has one. Its text never changes: databases have its checksum. */
export function idempotencyTable({ text, wholeNumber, longText, strictTable }: SchemaWords): string {
  return `
    CREATE TABLE idempotency_keys (
      id ${text(64)} NOT NULL PRIMARY KEY,
      fingerprint ${text(64)} NOT NULL,
      claim ${text(36)} NOT NULL,
      claimed_until ${wholeNumber} NOT NULL,
      expires_at ${wholeNumber} NOT NULL,
      outcome ${longText}
    ) ${strictTable};
    CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
  `;
}
