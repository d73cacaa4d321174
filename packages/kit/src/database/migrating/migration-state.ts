import type { Kysely } from 'kysely';
import { type AppliedMigration, compareWithApplied, downChecksumOf, writtenMigrations } from '../compare-migrations.ts';
import type { OpenDatabase } from '../database-kind.ts';
import { DatabaseSetupError } from '../database-setup-error.ts';
import type { Migration, SchemaWords } from '../migration.ts';
import { MigrationHistory, type UnfinishedMigration } from './migration-history.ts';

/** Which migrations a database has, and which it lacks. */
export interface MigrationState {
  /** In the order of ids. */
  readonly applied: readonly AppliedMigration[];
  /** The program's migrations that are not applied, in order; blank ones are none. */
  readonly pending: readonly Migration[];
  /** Of the applied ones, those that only a newer release has; they say that this one works with them. */
  readonly newer: readonly AppliedMigration[];
  /** The one of which some statements have taken effect, and others not. */
  readonly unfinished: UnfinishedMigration | undefined;
  /** Applied ones to which something was added since that the history does not have: how to take it back, say. */
  readonly unnoted: readonly Migration[];
}

/**
 * Compares a database with the migrations of the program. Writes nothing.
 *
 * @throws {DatabaseSetupError} when the database has others, or one has changed
 */
export async function readMigrationState(
  db: Kysely<unknown>,
  { name, words }: Pick<OpenDatabase, 'name' | 'words'>,
  migrations: readonly Migration[],
): Promise<MigrationState> {
  const history = new MigrationHistory(db, name);
  const applied = await history.applied();
  const unfinished = await history.unfinished();
  const newer = compareWithApplied(migrations, applied, words);
  const byId = new Map(applied.map((one) => [one.id, one]));
  requireKnown(unfinished, migrations);
  return {
    applied,
    newer,
    unfinished,
    pending: writtenMigrations(migrations, words).filter(({ id }) => !byId.has(id)),
    unnoted: migrations.filter((migration) => isUnnoted(migration, byId.get(migration.id), words)),
  };
}

function isUnnoted(migration: Migration, applied: AppliedMigration | undefined, words: SchemaWords): boolean {
  if (applied === undefined || 'retired' in migration) return false;
  const { downChecksum = null, backwardCompatible = false } = applied;
  return (
    (migration.backwardCompatible ?? false) !== backwardCompatible || downChecksumOf(migration, words) !== downChecksum
  );
}

function requireKnown(unfinished: UnfinishedMigration | undefined, migrations: readonly Migration[]): void {
  if (unfinished === undefined || migrations.some(({ id }) => id === unfinished.id)) return;
  throw new DatabaseSetupError(
    `The migration ${unfinished.id} has not ended: ${unfinished.done} of ${unfinished.of} statements have taken effect. Finish it with the version that has it`,
  );
}
