import { isAppError } from '@flotilla/contracts';
import type { Kysely } from 'kysely';
import { type Migration as KyselyMigration, Migrator } from 'kysely/migration';
import { checksumOf, compareWithApplied, writtenMigrations } from './compare-migrations.ts';
import type { OpenDatabase } from './database-kind.ts';
import { DatabaseSetupError } from './database-setup-error.ts';
import type { Migration } from './migration.ts';
import { MigrationHistory } from './migration-history.ts';

/**
 * Migrates a database to the state that the program needs. All missing migrations run in one transaction that excludes other
 * writers, so several instances may start at once, and a failed migration leaves nothing behind. The checksum of each
 * migration's SQL is kept, and compared at every start.
 *
 * @param migrations in the order of their ids; those whose SQL is blank, or only comments, are skipped
 * @returns the ids of the migrations that ran now, including retired ones
 * @throws {DatabaseSetupError} when a migration has changed, is missing, comes too late or fails; nothing is written then
 * @throws {AppError} STORAGE_UNAVAILABLE when another process keeps the database locked; try again
 */
export async function migrate(
  db: Kysely<unknown>,
  kind: OpenDatabase,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  try {
    return await db.transaction().execute((transaction) => migrateIn(transaction, kind, migrations));
  } catch (error) {
    if (!isAppError(error) || kind.isBusy(error)) throw error;
    throw new DatabaseSetupError(
      `Cannot migrate the database (${kind.describe(error.cause)}): check that it is writable, or name another with DATABASE_URL`,
      { cause: error },
    );
  }
}

async function migrateIn(
  transaction: Kysely<unknown>,
  kind: OpenDatabase,
  all: readonly Migration[],
): Promise<readonly string[]> {
  const history = new MigrationHistory(transaction);
  await history.prepare();
  const before = await history.applied();
  compareWithApplied(all, before, kind.words);
  const done = new Set(before.map(({ id }) => id));
  const written = new Set(writtenMigrations(all, kind.words));
  // A database of an earlier release may have a blank one, and the Migrator wants to know every one that was applied.
  const migrations = all.filter((migration) => written.has(migration) || done.has(migration.id));
  const steps = Object.fromEntries(migrations.map((migration) => [migration.id, stepOf(migration, kind, transaction)]));
  const migrator = new Migrator({
    db: transaction,
    provider: { getMigrations: async () => steps },
    // Ids define the order, and were compared. The Migrator would go by the times, and a clock may have been set back.
    allowUnorderedMigrations: true,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  // Its type is unknown; what it caught comes from our migration or our driver.
  if (error !== undefined) throw error instanceof Error ? error : new Error('The migrations failed', { cause: error });
  const applied = new Set(results.map(({ migrationName }) => migrationName));
  for (const migration of migrations) {
    if ('retired' in migration || !applied.has(migration.id)) continue;
    await history.keepChecksum(migration.id, checksumOf(migration.sql(kind.words)));
  }
  return [...applied];
}

function stepOf(migration: Migration, kind: OpenDatabase, transaction: Kysely<unknown>): KyselyMigration {
  return {
    async up() {
      if ('retired' in migration) return;
      try {
        await kind.runScript(migration.sql(kind.words), transaction);
      } catch (error) {
        throw new DatabaseSetupError(
          `migrations/${migration.id}.ts failed (${kind.describe(error)}). Nothing was changed; correct the file and restart`,
          { cause: error },
        );
      }
    },
  };
}
