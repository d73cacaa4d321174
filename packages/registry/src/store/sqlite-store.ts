import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { AppError, type Clock, systemClock } from '@flotilla/contracts';
import {
  DatabaseCheck,
  DatabaseSetupError,
  mapSqliteError,
  migrateSqlite,
  openSqlite,
} from '@flotilla/kit/database/sqlite';
import type { Change } from '../record/log-record.ts';
import { CommitFeed } from './commit-feed.ts';
import { migrations } from './migrations.ts';
import { readRow } from './record-row.ts';
import type { CommitResult, Condition, RecordStore, SignOfLife, StoreContents, StoreEvent } from './record-store.ts';
import { SqliteTrail } from './sqlite-trail.ts';
import { defaultTrailBounds, type TrailBounds, type TrailLine, type TrailPage, type TrailQuery } from './trail-line.ts';

/** Where the state is kept. */
export interface SqliteStoreOptions {
  /** The file; missing folders are created. `:memory:` is forgotten at the end of the process. */
  readonly file: string;
  /** Default the real clock. Dates the migrations, and gives a new database the revision it begins at. */
  readonly clock?: Clock;
  /** How much of the audit trail is kept. Bounds that are not set have their defaults. */
  readonly trail?: Partial<TrailBounds>;
}

/**
 * Opens the store that keeps everything in one SQLite file: write-ahead log, every commit on the disk before it is
 * acknowledged (`synchronous=FULL`). The file is locked for this process alone: two registries on one file would each
 * answer from a memory that the other's writes have made wrong.
 *
 * @throws {DatabaseSetupError} when the file can't be opened, is in use, is damaged, or was written by a newer version
 */
export function openSqliteStore(options: SqliteStoreOptions): RecordStore {
  const file = options.file === ':memory:' ? options.file : resolve(options.file);
  const database = openForThisProcess(options.file, file);
  const clock = options.clock ?? systemClock;
  const nowMs = clock.now();
  try {
    refuseDamage(database, file);
    migrateSqlite(database, migrations, nowMs);
    beginHistory(database, nowMs);
    return new SqliteStore(database, file, clock, { ...defaultTrailBounds, ...options.trail });
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
      `Another process is using the database ${file}. Stop the other registry, or name another database with DATABASE_URL`,
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
    `The database ${file} is damaged. Restore a backup, or move the file away and restart (running instances register themselves again)`,
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

/** The process that opens the file is the only one that uses it, and has the leases of the one before. */
const onlyOwner = 'only';

class SqliteStore implements RecordStore {
  readonly owner = onlyOwner;
  /** About 5 ms of work: enough to make a commit's fsync cheap per change, too little to hold up the loop. */
  readonly maxChanges = 512;
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteFrom: StatementSync;
  readonly #deleteRange: StatementSync;
  readonly #find: StatementSync;
  readonly #seen: StatementSync;
  readonly #alive: StatementSync;
  readonly #setRevision: StatementSync;
  readonly #check: DatabaseCheck;
  readonly #feed: CommitFeed;
  readonly #trail: SqliteTrail;
  #revision: number;

  constructor(database: DatabaseSync, file: string, clock: Clock, trail: TrailBounds) {
    this.#database = database;
    this.#trail = new SqliteTrail(database, trail);
    this.#file = file;
    this.#check = new DatabaseCheck(database, { clock });
    this.#put = database.prepare(`
      INSERT INTO records (kind, key, value, owner, seen_ms, created_revision, revision)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
      ON CONFLICT (kind, key) DO UPDATE SET
        value = excluded.value, owner = excluded.owner, seen_ms = excluded.seen_ms, revision = excluded.revision`);
    this.#delete = database.prepare('DELETE FROM records WHERE kind = ? AND key = ?');
    // Keys are compared by their bytes in UTF-8.
    this.#deleteFrom = database.prepare('DELETE FROM records WHERE kind = ? AND key >= ?');
    this.#deleteRange = database.prepare('DELETE FROM records WHERE kind = ? AND key >= ? AND key < ?');
    this.#find = database.prepare('SELECT revision FROM records WHERE kind = ? AND key = ?');
    this.#seen = database.prepare('UPDATE records SET seen_ms = ? WHERE kind = ? AND key = ? AND owner IS NOT NULL');
    this.#alive = database.prepare('UPDATE registry SET alive_ms = ?');
    this.#setRevision = database.prepare('UPDATE registry SET revision = ?');
    this.#revision = readRevision(database, file);
    this.#feed = new CommitFeed(this.#revision);
  }

  async load(): Promise<StoreContents> {
    const rows = this.#database.prepare('SELECT * FROM records').all();
    const registry = this.#database.prepare('SELECT history, alive_ms FROM registry').get();
    return {
      history: String(registry?.['history']),
      revision: this.#revision,
      records: rows.flatMap((row) => readRow(row, this.#file) ?? []),
      aliveMs: Number(registry?.['alive_ms']),
      owners: [onlyOwner],
    };
  }

  async commit(
    changes: readonly Change[],
    conditions: readonly Condition[] = [],
    lines: readonly TrailLine[] = [],
  ): Promise<CommitResult> {
    if (changes.length > this.maxChanges) throw new RangeError(`A commit takes at most ${this.maxChanges} changes`);
    const revision = this.#revision + changes.length;
    if (changes.length + lines.length === 0) return { kind: 'committed', revision };
    let last = 0;
    const failed = this.#transaction(() => {
      for (const condition of conditions) if (!this.#holds(condition)) return condition;
      for (const change of changes) this.#apply(change, revision);
      if (changes.length > 0) this.#setRevision.run(revision);
      last = this.#trail.write(lines, revision);
      return undefined;
    });
    if (failed !== undefined) return { kind: 'conflict', condition: failed, revision: this.#revision };
    this.#trail.wrote(last);
    if (changes.length === 0) return { kind: 'committed', revision };
    this.#revision = revision;
    this.#feed.push({ kind: 'commit', revision, changes, lines });
    return { kind: 'committed', revision };
  }

  async readTrail(query: TrailQuery): Promise<TrailPage> {
    return this.#trail.read(query);
  }

  follow(from: number, signal: AbortSignal): AsyncIterable<StoreEvent> {
    return this.#feed.follow(from, signal);
  }

  async noteSeen(signs: readonly SignOfLife[], aliveMs: number): Promise<void> {
    this.#transaction(() => {
      for (const { kind, key, seenMs } of signs) this.#seen.run(seenMs, kind, key);
      this.#alive.run(aliveMs);
      return undefined;
    });
  }

  check(): Promise<void> {
    return this.#check.run();
  }

  async close(): Promise<void> {
    this.#feed.close();
    if (this.#database.isOpen) this.#database.close();
  }

  #holds({ kind, key, revision }: Condition): boolean {
    return Number(this.#find.get(kind, key)?.['revision'] ?? 0) === revision;
  }

  #apply(change: Change, revision: number): void {
    const { kind } = change;
    switch (change.type) {
      case 'put': {
        const { key, value, lease } = change;
        this.#put.run(kind, key, JSON.stringify(value), lease?.owner ?? null, lease?.seenMs ?? null, revision);
        return;
      }
      case 'delete':
        this.#delete.run(kind, change.key);
        return;
      case 'delete-range': {
        const { from, to } = change;
        if (to === undefined) this.#deleteFrom.run(kind, from);
        else this.#deleteRange.run(kind, from, to);
        return;
      }
      default:
        change satisfies never;
    }
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

function readRevision(database: DatabaseSync, file: string): number {
  const revision = database.prepare('SELECT revision FROM registry').get()?.['revision'];
  if (typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0) return revision;
  throw new DatabaseSetupError(
    `The database ${file} has lost its revision (table "registry"). Restore a backup, or move the file away and restart`,
  );
}
