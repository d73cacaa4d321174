import { AppError, type Clock, isAppError } from '@flotilla/contracts';
import type { Kysely } from 'kysely';
import { checksumOf, downChecksumOf } from '../compare-migrations.ts';
import type { OpenDatabase } from '../database-kind.ts';
import { DatabaseSetupError } from '../database-setup-error.ts';
import type { Migration, SchemaWords } from '../migration.ts';
import { MigrationHeldUp } from './migration-held-up.ts';
import { type HistoryEntry, MigrationHistory, type UnfinishedMigration } from './migration-history.ts';
import type { PlannedMigration } from './plan-migrations.ts';
import { shortStatement, splitStatements } from './statements.ts';

/** Runs planned migrations on a connection, or in a transaction, that nobody else migrates on, and notes them in the history. */
export class PlannedRun {
  readonly #kind: OpenDatabase;
  readonly #db: Kysely<unknown>;
  readonly #clock: Clock;
  readonly #history: MigrationHistory;
  readonly #lockTimeoutMs: number;

  constructor(kind: OpenDatabase, db: Kysely<unknown>, clock: Clock, lockTimeoutMs: number) {
    this.#kind = kind;
    this.#db = db;
    this.#clock = clock;
    this.#lockTimeoutMs = lockTimeoutMs;
    this.#history = new MigrationHistory(db, kind.name);
  }

  /** Makes the tables of the history, if they are missing. */
  prepare(): Promise<void> {
    return this.#history.prepare();
  }

  /** Runs it as a whole, in the transaction of the caller: if it fails, that takes everything back. */
  async whole(planned: PlannedMigration): Promise<void> {
    const { migration, direction, sql } = planned;
    if (sql !== '') {
      try {
        await this.#kind.runScript(sql, this.#db);
      } catch (error) {
        const what = direction === 'up' ? `migrations/${migration.id}.ts` : `The down of migrations/${migration.id}.ts`;
        throw this.#isOfDatabase(error)
          ? this.#heldUp(planned, error, 'Nothing was changed')
          : new DatabaseSetupError(
              `${what} failed (${this.#kind.describe(error)}). Nothing was changed; correct the file and restart`,
              { cause: error },
            );
      }
    }
    await this.#note(planned, this.#history);
  }

  /**
   * Runs it statement by statement, each of which is final, and notes how far it has come: a run after a failure continues
   * with the statement that failed.
   */
  async byStatement(planned: PlannedMigration, unfinished: UnfinishedMigration | undefined): Promise<void> {
    const { migration, direction } = planned;
    const statements = splitStatements(planned.sql, this.#kind.name === 'mysql' ? 'mysql' : 'postgres');
    const resumed = unfinished?.done ?? 0;
    if (unfinished === undefined) {
      const begunAt = new Date(this.#clock.now()).toISOString();
      const begun = { id: migration.id, direction, done: 0, of: statements.length, checksum: '', begunAt };
      if (statements.length > 0) await this.#history.begin(begun);
    } else if (checksumOfFirst(statements, resumed) !== unfinished.checksum && resumed > 0) {
      throw new DatabaseSetupError(
        `migrations/${migration.id}.ts is half done, and one of its first ${resumed} statements, which have taken effect, has changed since. Restore ${resumed === 1 ? 'it' : 'them'}; only statements after ${resumed === 1 ? 'it' : 'them'} can still be corrected`,
      );
    }
    for (const [index, statement] of statements.entries()) {
      if (index < resumed) continue;
      try {
        await this.#runStatement(statement, index + 1, checksumOfFirst(statements, index + 1));
      } catch (error) {
        if (this.#isOfDatabase(error)) throw this.#heldUp(planned, error, effectOf(index));
        throw this.#stopped(planned, statements, index, unfinished !== undefined && index === resumed, error);
      }
    }
    await this.#db.transaction().execute(async (transaction) => {
      const history = new MigrationHistory(transaction, this.#kind.name);
      await this.#note(planned, history);
      if (statements.length > 0) await history.end();
    });
  }

  /** Notes what was added to applied migrations since. */
  async noteAdditions(migrations: readonly Migration[]): Promise<void> {
    for (const migration of migrations) {
      const { id, downChecksum, backwardCompatible } = entryOf(migration, this.#kind.words);
      await this.#history.note({ id, downChecksum, backwardCompatible });
    }
  }

  async #runStatement(statement: string, done: number, checksum: string): Promise<void> {
    if (this.#kind.name !== 'mysql') {
      await this.#kind.runScript(statement, this.#db);
      return this.#history.proceed(done, checksum);
    }
    // A statement that changes rows takes effect together with the note of it. One that changes a table ends the transaction.
    await this.#db.transaction().execute(async (transaction) => {
      await this.#kind.runScript(statement, transaction);
      await new MigrationHistory(transaction, this.#kind.name).proceed(done, checksum);
    });
  }

  async #note({ migration, direction }: PlannedMigration, history: MigrationHistory): Promise<void> {
    if (direction === 'down') return history.remove(migration.id);
    const appliedAt = new Date(this.#clock.now()).toISOString();
    return history.add({ ...entryOf(migration, this.#kind.words), appliedAt });
  }

  /** Whether the migration is right, and the database is what fails: it is away, say, or forbids it. */
  #isOfDatabase(error: unknown): boolean {
    if (this.#kind.isBusy(error) || this.#kind.failureOf(error) !== undefined) return true;
    return isAppError(error) && error.code === 'STORAGE_UNAVAILABLE';
  }

  /** What to throw for an error of the database: one that says who waited for what, if others have something locked. */
  #heldUp({ migration }: PlannedMigration, error: unknown, effect: string): unknown {
    if (!this.#kind.isBusy(error)) return error;
    const message = `migrations/${migration.id}.ts waited ${this.#lockTimeoutMs} ms for what others have locked (DATABASE_MIGRATE_LOCK_TIMEOUT_MS). ${effect}. End what holds the lock, such as a long transaction`;
    return new AppError('STORAGE_UNAVAILABLE', { cause: new MigrationHeldUp(message, { cause: error }) });
  }

  #stopped(
    { migration, direction }: PlannedMigration,
    statements: readonly string[],
    index: number,
    resumed: boolean,
    cause: unknown,
  ): DatabaseSetupError {
    const number = index + 1;
    const what = direction === 'up' ? `migrations/${migration.id}.ts` : `The down of migrations/${migration.id}.ts`;
    const failure = `${what} failed at statement ${number} of ${statements.length} (${this.#kind.describe(cause)}): ${shortStatement(statements[index] ?? '')}`;
    const doubt = resumed
      ? ' If a process was killed while that statement ran, it may have taken effect already: undo it by hand first.'
      : '';
    return new DatabaseSetupError(
      `${failure}. ${effectOf(index)}.${doubt} Correct statement ${number} and restart: it continues there`,
      { cause },
    );
  }
}

function effectOf(count: number): string {
  if (count === 0) return 'Nothing was changed';
  return count === 1
    ? 'Statement 1 has taken effect and stays so'
    : `Statements 1 to ${count} have taken effect and stay so`;
}

function checksumOfFirst(statements: readonly string[], count: number): string {
  return count === 0 ? '' : checksumOf(statements.slice(0, count).join(';\n'));
}

function entryOf(migration: Migration, words: SchemaWords): Omit<HistoryEntry, 'appliedAt'> {
  const { id } = migration;
  if ('retired' in migration) return { id, checksum: null, downChecksum: null, backwardCompatible: false };
  return {
    id,
    checksum: checksumOf(migration.sql(words)),
    downChecksum: downChecksumOf(migration, words),
    backwardCompatible: migration.backwardCompatible ?? false,
  };
}
