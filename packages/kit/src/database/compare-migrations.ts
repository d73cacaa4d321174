import { createHash } from 'node:crypto';
import { DatabaseSetupError } from './database-setup-error.ts';
import type { Migration, SchemaWords } from './migration.ts';

/** A migration that was applied, its checksum if it was kept, and when. */
export interface AppliedMigration {
  readonly id: string;
  readonly checksum: string | null;
  readonly appliedAt: string;
}

/**
 * Compares the migrations that were applied with those of the program.
 *
 * @param applied in the order of ids
 * @throws {DatabaseSetupError} when one has changed, is unknown, or is missing although a later one is applied; and when the
 *   program's own are not in the order of their ids
 */
export function compareWithApplied(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  words: SchemaWords,
): void {
  requireOrder(migrations);
  const known = new Map(migrations.map((migration) => [migration.id, migration]));
  for (const { id, checksum, appliedAt } of applied) {
    const migration = known.get(id);
    if (migration === undefined) {
      throw new DatabaseSetupError(
        `The database has the migration ${id} (applied ${appliedAt}), which this program does not have: a newer version used the database, or migrations/${id}.ts was removed. Start the newer version, restore the file, or name another database with DATABASE_URL`,
      );
    }
    if (!('retired' in migration) && checksumOf(migration.sql(words)) !== checksum) {
      throw new DatabaseSetupError(
        `migrations/${id}.ts has changed since it was applied (${appliedAt}). Restore it, and write the change as a new migration`,
      );
    }
  }
  const done = new Set(applied.map(({ id }) => id));
  const last = applied.at(-1)?.id ?? '';
  const late = writtenMigrations(migrations, words).find(({ id }) => !done.has(id) && id < last);
  if (late !== undefined) {
    throw new DatabaseSetupError(
      `migrations/${late.id}.ts comes before ${last}, which is already applied. Give it a higher number, so that every database gets the migrations in the same order`,
    );
  }
}

/**
 * The migrations that are not blank: that have more than comments. A blank one is still being written: it is skipped, so that a
 * program that runs meanwhile does not record it as applied, and then refuse what is written into it.
 */
export function writtenMigrations(migrations: readonly Migration[], words: SchemaWords): readonly Migration[] {
  return migrations.filter((migration) => 'retired' in migration || !isBlank(migration.sql(words)));
}

/** Texts in quotes that look like comments change nothing: the statement around them remains. */
function isBlank(sql: string): boolean {
  return sql.replaceAll(/--.*|\/\*[^]*?\*\/|[\s;]/g, '') === '';
}

/** Line endings don't count: the same file checked out on another system is the same migration. */
export function checksumOf(sql: string): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
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
