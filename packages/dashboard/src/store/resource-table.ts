import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { boundedJson } from './bounded-json.ts';
import { NamedRows } from './named-rows.ts';
import type { ResourceRecord } from './records.ts';

/** A fleet has dozens. Whoever sends from ever new ones shall not fill the file with them. */
const maxRows = 10_000;

/** Who has sent something: one row each. */
export class ResourceTable {
  readonly #rows: NamedRows;

  constructor(database: DatabaseSync) {
    this.#rows = new NamedRows(database, 'resources', maxRows, ['hash'], ['service', 'instance_id', 'attributes']);
  }

  /** The id of the row for `resource`, made if there is none; undefined: there are too many. */
  idOf({ service, instanceId, attributes }: ResourceRecord, nowMs: number): number | undefined {
    const text = boundedJson(attributes);
    const hash = createHash('sha256').update(`${service}\n${text}`).digest('base64url');
    return this.#rows.idOf([hash, service, instanceId ?? null, text], nowMs);
  }

  /** Forgets those that have sent nothing since `beforeMs`: nothing of theirs is kept any more. */
  forget(beforeMs: number): void {
    this.#rows.forget(beforeMs);
  }

  /** What was written may have been rolled back. */
  rolledBack(): void {
    this.#rows.rolledBack();
  }
}
