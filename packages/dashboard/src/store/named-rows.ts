import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** How often it is noted that a row is still used. */
const noteEveryMs = 60_000;
/** What was not used for so long makes room for others where there are too many. */
const idleMs = 600_000;

/** Rows that other rows refer to by number: each set of values has one. Bounded in number. */
export class NamedRows {
  readonly #maxRows: number;
  readonly #keys: number;
  readonly #put: StatementSync;
  readonly #find: StatementSync;
  readonly #forget: StatementSync;
  readonly #count: StatementSync;
  readonly #makeRoom: StatementSync;
  #madeRoomMs = Number.NEGATIVE_INFINITY;
  readonly #known = new Map<string, { readonly id: number; readonly notedMs: number }>();
  #rows = 0;
  #highestId = 0;

  /**
   * @param keys the columns that distinguish rows
   * @param more further columns, which a row has from its beginning
   */
  constructor(
    database: DatabaseSync,
    table: string,
    maxRows: number,
    keys: readonly string[],
    more: readonly string[] = [],
  ) {
    const columns = [...keys, ...more];
    const places = columns.map(() => '?').join(', ');
    this.#put = database.prepare(`
      INSERT INTO ${table} (${columns.join(', ')}, seen_ms) VALUES (${places}, ?)
      ON CONFLICT DO UPDATE SET seen_ms = excluded.seen_ms RETURNING id`);
    this.#forget = database.prepare(`DELETE FROM ${table} WHERE seen_ms < ?`);
    this.#count = database.prepare(`SELECT count(*) AS count, max(id) AS highest FROM ${table}`);
    this.#makeRoom = database.prepare(`
      DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE seen_ms < ? ORDER BY seen_ms LIMIT ?)`);
    const isRow = keys.map((key) => `${key} = ?`).join(' AND ');
    this.#find = database.prepare(`UPDATE ${table} SET seen_ms = ? WHERE ${isRow} RETURNING id`);
    this.#keys = keys.length;
    this.#maxRows = maxRows;
    this.#countRows();
  }

  /** The number of the row with these values, made if there is none; undefined: there are too many. */
  idOf(values: readonly (string | number | null)[], nowMs: number): number | undefined {
    const key = values.join('\n');
    const known = this.#known.get(key);
    if (known !== undefined && nowMs - known.notedMs < noteEveryMs) return known.id;
    const isFull = known === undefined && this.#rows >= this.#maxRows && !this.#makesRoom(nowMs);
    const row = isFull ? this.#find.get(nowMs, ...values.slice(0, this.#keys)) : this.#put.get(...values, nowMs);
    if (row === undefined) return undefined;
    const id = Number(row['id']);
    if (id > this.#highestId) {
      this.#highestId = id;
      this.#rows += 1;
    }
    this.#known.set(key, { id, notedMs: nowMs });
    return id;
  }

  /** Forgets rows that were not used since `beforeMs`. */
  forget(beforeMs: number): void {
    const limitMs = beforeMs - 2 * noteEveryMs;
    this.#forget.run(limitMs);
    this.#drop(limitMs);
  }

  /** What was written may have been rolled back. */
  rolledBack(): void {
    this.#known.clear();
    this.#countRows();
  }

  /** Programs that were restarted a hundred times leave as many rows. */
  #makesRoom(nowMs: number): boolean {
    if (nowMs - this.#madeRoomMs < noteEveryMs) return false;
    this.#madeRoomMs = nowMs;
    this.#makeRoom.run(nowMs - idleMs, Math.ceil(this.#maxRows / 4));
    this.#drop(nowMs - idleMs);
    return this.#rows < this.#maxRows;
  }

  #drop(limitMs: number): void {
    for (const [key, { notedMs }] of this.#known) if (notedMs < limitMs) this.#known.delete(key);
    this.#countRows();
  }

  #countRows(): void {
    const row = this.#count.get();
    this.#rows = Number(row?.['count']);
    this.#highestId = Number(row?.['highest'] ?? 0);
  }
}
