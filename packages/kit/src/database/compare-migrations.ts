import { createHash } from 'node:crypto';
import { DatabaseSetupError } from './database-setup-error.ts';
import type { Migration, SchemaWords, WrittenMigration } from './migration.ts';

/** A migration that was applied, and when. */
export interface AppliedMigration {
  readonly id: string;
  /** Of its SQL; null: it was not kept. */
  readonly checksum: string | null;
  /** Of the SQL that takes it back; null or missing: it had none. */
  readonly downChecksum?: string | null;
  /** Whether the release before the one that applied it works with what it did. */
  readonly backwardCompatible?: boolean;
  readonly appliedAt: string;
}

/**
 * Compares the migrations that were applied with those of the program.
 *
 * @param applied in the order of ids
 * @returns the applied ones that only a newer release has, and that say that this one works with them
 * @throws {DatabaseSetupError} when one has changed, is unknown, or is missing although a later one is applied; and when the
 *   program's own are not in the order of their ids
 */
export function compareWithApplied(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  words: SchemaWords,
): readonly AppliedMigration[] {
  requireOrder(migrations);
  const known = new Map(migrations.map((migration) => [migration.id, migration]));
  const lastKnown = migrations.at(-1)?.id ?? '';
  const newer: AppliedMigration[] = [];
  for (const one of applied) {
    const migration = known.get(one.id);
    if (migration !== undefined) requireUnchanged(migration, one, words);
    else if (one.id > lastKnown && one.backwardCompatible === true) newer.push(one);
    else throw unknown(one, lastKnown);
  }
  const done = new Set(applied.map(({ id }) => id));
  const last = applied.at(-1)?.id ?? '';
  const late = writtenMigrations(migrations, words).find(({ id }) => !done.has(id) && id < last);
  if (late !== undefined) {
    throw new DatabaseSetupError(
      `migrations/${late.id}.ts comes before ${last}, which is already applied. Give it a higher number, so that every database gets the migrations in the same order`,
    );
  }
  return newer;
}

function requireUnchanged(migration: Migration, applied: AppliedMigration, words: SchemaWords): void {
  if ('retired' in migration) return;
  const { id, checksum, downChecksum = null, appliedAt } = applied;
  if (checksumOf(migration.sql(words)) !== checksum) {
    throw new DatabaseSetupError(
      `migrations/${id}.ts has changed since it was applied (${appliedAt}). Restore it, and write the change as a new migration`,
    );
  }
  if (downChecksum !== null && downChecksumOf(migration, words) !== downChecksum) {
    throw new DatabaseSetupError(
      `The down of migrations/${id}.ts has changed since the migration was applied (${appliedAt}). Restore it; what it gets wrong can be put right by a new migration`,
    );
  }
}

function unknown({ id, appliedAt }: AppliedMigration, lastKnown: string): DatabaseSetupError {
  const back =
    id > lastKnown
      ? `, take it back with that version (migrate down --to ${lastKnown === '' ? 'none' : lastKnown})`
      : '';
  return new DatabaseSetupError(
    `The database has the migration ${id} (applied ${appliedAt}), which this program does not have: a newer version used the database, or migrations/${id}.ts was removed. Start the newer version${back}, restore the file, or name another database with DATABASE_URL`,
  );
}

/**
 * The migrations that are not blank: that have more than comments. A blank one is still being written: it is skipped, so that a
 * program that runs meanwhile does not record it as applied, and then refuse what is written into it.
 */
export function writtenMigrations(migrations: readonly Migration[], words: SchemaWords): readonly Migration[] {
  return migrations.filter((migration) => 'retired' in migration || !isBlank(migration.sql(words)));
}

/** Whether SQL has nothing but comments. Texts in quotes that look like comments change nothing: the statement around them remains. */
export function isBlank(sql: string): boolean {
  return sql.replaceAll(/--.*|\/\*[^]*?\*\/|[\s;]/g, '') === '';
}

/** Line endings don't count: the same file checked out on another system is the same migration. */
export function checksumOf(sql: string): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
}

/** The checksum of what takes a migration back; null if nothing does, or it is still blank. */
export function downChecksumOf({ down }: WrittenMigration, words: SchemaWords): string | null {
  const sql = down?.(words) ?? '';
  return isBlank(sql) ? null : checksumOf(sql);
}

function requireOrder(migrations: readonly Migration[]): void {
  for (const [index, { id }] of migrations.entries()) {
    const before = migrations[index - 1]?.id;
    if (before !== undefined && before >= id) {
      throw new DatabaseSetupError(
        `Migrations must be listed in the order of their ids, each once: ${id} follows ${before}`,
      );
    }
  }
}
