import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { boundedJson } from './bounded-json.ts';
import type { ResourceRecord } from './records.ts';

/** How often it is noted that a sender still sends. */
const noteEveryMs = 60_000;
/** A fleet has dozens. Whoever sends from ever new ones shall not fill the file with them. */
const maxRows = 10_000;
/** Takes what comes from further ones. */
const furtherOnes: ResourceRecord = { service: 'too_many_services', attributes: {} };

/** Who has sent something: one row each. */
export class ResourceTable {
  readonly #insert: StatementSync;
  readonly #forget: StatementSync;
  readonly #count: StatementSync;
  /** How many rows there are. */
  #rows = 0;
  readonly #known = new Map<string, { readonly id: number; notedMs: number }>();

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO resources (hash, service, instance_id, attributes, seen_ms) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (hash) DO UPDATE SET seen_ms = excluded.seen_ms RETURNING id`);
    this.#forget = database.prepare('DELETE FROM resources WHERE seen_ms < ?');
    this.#count = database.prepare('SELECT count(*) AS count FROM resources');
    this.rolledBack();
  }

  /** The id of the row for `resource`, made if there is none. */
  idOf(resource: ResourceRecord, nowMs: number): number {
    const attributes = boundedJson(resource.attributes);
    const key = `${resource.service}\n${attributes}`;
    const known = this.#known.get(key);
    if (known !== undefined && nowMs - known.notedMs < noteEveryMs) return known.id;
    if (this.#rows >= maxRows && known === undefined && resource !== furtherOnes) {
      // Without what distinguishes its instances it may be a known one.
      const isBare = Object.keys(resource.attributes).length === 0;
      return this.idOf(isBare ? furtherOnes : { service: resource.service, attributes: {} }, nowMs);
    }
    const hash = createHash('sha256').update(key).digest('base64url');
    const row = this.#insert.get(hash, resource.service, resource.instanceId ?? null, attributes, nowMs);
    const id = Number(row?.['id']);
    if (known === undefined) this.#rows += 1;
    this.#known.set(key, { id, notedMs: nowMs });
    return id;
  }

  /** Forgets those that have sent nothing since `beforeMs`: nothing of theirs is kept any more. */
  forget(beforeMs: number): void {
    this.#forget.run(beforeMs - 2 * noteEveryMs);
    this.rolledBack();
  }

  /** What was written may have been rolled back. */
  rolledBack(): void {
    this.#known.clear();
    this.#rows = Number(this.#count.get()?.['count']);
  }
}
