import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { AppError, type Clock, systemClock } from '@flotilla/contracts';
import { DatabaseCheck, DatabaseSetupError, mapSqliteError, migrate, openSqlite } from '@flotilla/kit/database/sqlite';
import { type InstanceRow, readInstanceRow } from './instance-row.ts';
import type {
  Change,
  CommitResult,
  InstanceRecord,
  InstanceStore,
  MaintenanceRecord,
  SignOfLife,
  StoreContents,
} from './instance-store.ts';
import { migrations } from './migrations.ts';

/** Where the state is kept. */
export interface SqliteStoreOptions {
  /** The file; missing folders are created. `:memory:` is forgotten at the end of the process. */
  readonly file: string;
  /** Default the real clock. Dates the migrations, and gives a new database the revision it begins at. */
  readonly clock?: Clock;
}

/**
 * Opens the store that keeps everything in one SQLite file: write-ahead log, every commit on the disk before it is
 * acknowledged (`synchronous=FULL`). The file is locked for this process alone: two registries on one file would each
 * answer from a memory that the other's writes have made wrong.
 *
 * @throws {DatabaseSetupError} when the file can't be opened, is in use, is damaged, or was written by a newer version
 */
export function openSqliteStore(options: SqliteStoreOptions): InstanceStore {
  const file = options.file === ':memory:' ? options.file : resolve(options.file);
  const database = openForThisProcess(options.file, file);
  const clock = options.clock ?? systemClock;
  const nowMs = clock.now();
  try {
    refuseDamage(database, file);
    migrate(database, migrations, nowMs);
    beginHistory(database, nowMs);
    return new SqliteStore(database, file, clock);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Nobody else should have the file, so waiting is only for one who is just letting go of it. */
const busyTimeoutMs = 250;
/** SQLite's result code for a file that another process has locked. */
const busy = 5;

function openForThisProcess(given: string, file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = openSqlite({ file: given, busyTimeoutMs });
    // The lock is taken with the first write and then kept until the connection, or the process, ends.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
    return database;
  } catch (error) {
    database?.close();
    const reason = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (!(reason instanceof Error && 'errcode' in reason && reason.errcode === busy)) throw error;
    throw new DatabaseSetupError(
      `The database ${file} is in use by another process: stop the other registry, or name another database with DATABASE_URL`,
      { cause: error },
    );
  }
}

function refuseDamage(database: DatabaseSync, file: string): void {
  let verdict: unknown;
  let cause: unknown;
  try {
    verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  } catch (error) {
    cause = error;
  }
  if (verdict === 'ok') return;
  throw new DatabaseSetupError(
    `The database ${file} is damaged: put a backup in its place, or move it away and start again (running instances register themselves again)`,
    { cause: cause ?? verdict },
  );
}

/**
 * How fast the beginnings of histories rise, per millisecond: far above what any disk can commit, so no history reaches
 * the beginning of a later one. Stays below 2^53 until the year 2255.
 */
const revisionsPerMs = 1_000;

/**
 * Lets a database that nothing was ever written to begin at the time instead of 0. A registry that has lost its disk
 * would otherwise come by its old revisions again, and who knows one of them would resume into another history. Its
 * history gets a name, so that everybody can tell it from the one before.
 */
function beginHistory(database: DatabaseSync, nowMs: number): void {
  database.prepare('UPDATE registry SET revision = ? WHERE revision = 0').run(Math.trunc(nowMs) * revisionsPerMs);
  database.prepare("UPDATE registry SET history = ? WHERE history = ''").run(randomUUID());
}

class SqliteStore implements InstanceStore {
  /** About 5 ms of work: enough to make a commit's fsync cheap per change, too little to hold up the loop. */
  readonly maxChanges = 512;
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #find: StatementSync;
  readonly #seen: StatementSync;
  readonly #alive: StatementSync;
  readonly #maintain: StatementSync;
  readonly #endMaintenance: StatementSync;
  readonly #setRevision: StatementSync;
  readonly #check: DatabaseCheck;
  #revision: number;

  constructor(database: DatabaseSync, file: string, clock: Clock) {
    this.#database = database;
    this.#file = file;
    this.#check = new DatabaseCheck(database, { clock });
    this.#put = database.prepare(`
      INSERT INTO instances (name, id, address, port, tags, metadata, weight, status, lease_ms, registered_at, last_seen_ms, revision, token)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (name, id) DO UPDATE SET
        address = excluded.address, port = excluded.port, tags = excluded.tags, metadata = excluded.metadata,
        weight = excluded.weight, status = excluded.status, lease_ms = excluded.lease_ms,
        registered_at = excluded.registered_at, last_seen_ms = excluded.last_seen_ms, revision = excluded.revision,
        token = excluded.token`);
    this.#delete = database.prepare('DELETE FROM instances WHERE name = ? AND id = ?');
    this.#find = database.prepare('SELECT revision FROM instances WHERE name = ? AND id = ?');
    this.#seen = database.prepare('UPDATE instances SET last_seen_ms = ? WHERE name = ? AND id = ?');
    this.#alive = database.prepare('UPDATE registry SET alive_ms = ?');
    this.#maintain = database.prepare(
      'INSERT INTO maintenance (name, id, gone_ms) VALUES (?, ?, ?) ON CONFLICT (name, id) DO UPDATE SET gone_ms = excluded.gone_ms',
    );
    this.#endMaintenance = database.prepare('DELETE FROM maintenance WHERE name = ? AND id = ?');
    this.#setRevision = database.prepare('UPDATE registry SET revision = ?');
    this.#revision = readRevision(database, file);
  }

  async load(): Promise<StoreContents> {
    const rows: InstanceRow[] = this.#database.prepare('SELECT * FROM instances ORDER BY name, id').all();
    const registry = this.#database.prepare('SELECT history, alive_ms FROM registry').get();
    return {
      history: String(registry?.['history']),
      revision: this.#revision,
      instances: rows.map((row) => readInstanceRow(row, this.#file)),
      maintenance: this.#database
        .prepare('SELECT name, id, gone_ms FROM maintenance ORDER BY name, id')
        .all()
        .map(readMaintenanceRow),
      aliveMs: Number(registry?.['alive_ms']),
    };
  }

  async commit(changes: readonly Change[]): Promise<CommitResult> {
    if (changes.length > this.maxChanges) throw new RangeError(`A commit takes at most ${this.maxChanges} changes`);
    const revisions: number[] = [];
    const conflict = this.#transaction(() => {
      for (const [index, change] of changes.entries()) {
        const actualRevision = this.#conflictingRevision(change);
        if (actualRevision !== undefined) return { kind: 'conflict', index, actualRevision } as const;
        const revision = this.#revision + index + 1;
        this.#apply(change, revision);
        revisions.push(revision);
      }
      if (revisions.length > 0) this.#setRevision.run(this.#revision + revisions.length);
      return undefined;
    });
    if (conflict !== undefined) return conflict;
    this.#revision += revisions.length;
    return { kind: 'committed', revisions };
  }

  async noteSeen(signs: readonly SignOfLife[], aliveMs: number): Promise<void> {
    this.#transaction(() => {
      for (const { name, id, lastSeenMs } of signs) this.#seen.run(lastSeenMs, name, id);
      this.#alive.run(aliveMs);
      return undefined;
    });
  }

  check(): Promise<void> {
    return this.#check.run();
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  /** The revision the record really has, if that is not the one the change expects. */
  #conflictingRevision(change: Change): number | undefined {
    if (!('expectedRevision' in change) || change.expectedRevision === undefined) return undefined;
    const { name, id } = change.kind === 'put' ? change.record : change;
    const actual = Number(this.#find.get(name, id)?.['revision'] ?? 0);
    return actual === change.expectedRevision ? undefined : actual;
  }

  #apply(change: Change, revision: number): void {
    switch (change.kind) {
      case 'put':
        this.#write(change.record, change.lastSeenMs, revision);
        return;
      case 'delete':
        this.#delete.run(change.name, change.id);
        return;
      case 'maintain':
        this.#maintain.run(change.name, change.id, change.goneMs ?? null);
        return;
      case 'end-maintenance':
        this.#endMaintenance.run(change.name, change.id);
        return;
      default:
        change satisfies never;
    }
  }

  #write(record: InstanceRecord, lastSeenMs: number, revision: number): void {
    this.#put.run(
      record.name,
      record.id,
      record.address,
      record.port,
      JSON.stringify(record.tags),
      JSON.stringify(record.metadata),
      record.weight,
      record.status,
      record.lease_ms,
      record.registered_at,
      lastSeenMs,
      revision,
      record.token ?? null,
    );
  }

  /** Runs `write` in a transaction, which is rolled back if it throws or returns something. */
  #transaction<T>(write: () => T | undefined): T | undefined {
    const { loss } = this.#check;
    if (loss !== undefined) throw new AppError('STORAGE_UNAVAILABLE', { cause: new Error(loss) });
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const objection = write();
      this.#database.exec(objection === undefined ? 'COMMIT' : 'ROLLBACK');
      if (objection === undefined) this.#check.wrote();
      return objection;
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#check.failed(error);
      throw mapSqliteError(error);
    }
  }
}

function readMaintenanceRow(row: InstanceRow): MaintenanceRecord {
  const goneMs = row['gone_ms'];
  return { name: String(row['name']), id: String(row['id']), goneMs: typeof goneMs === 'number' ? goneMs : undefined };
}

function readRevision(database: DatabaseSync, file: string): number {
  const revision = database.prepare('SELECT revision FROM registry').get()?.['revision'];
  if (typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0) return revision;
  throw new DatabaseSetupError(
    `The database ${file} has lost its revision (table "registry"): put a backup in its place, or move it away and start again`,
  );
}
