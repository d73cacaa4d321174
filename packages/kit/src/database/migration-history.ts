import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { DatabaseSetupError } from './database-setup-error.ts';
import type { Migration, SchemaWords } from './migration.ts';

/** Kysely's table of the steps that were applied, with a column more. */
const historyTable = 'kysely_migration';
/** The table that Flotilla kept itself before. It is read once, and left as it is for programs of that time. */
const earlierTable = 'flotilla_migrations';

interface Tables {
  readonly [historyTable]: { readonly name: string; readonly timestamp: string; readonly checksum: string | null };
  readonly [earlierTable]: { readonly id: string; readonly checksum: string; readonly applied_at: string };
}

/** A step that was applied, its checksum if it was kept, and when. */
export interface AppliedMigration {
  readonly id: string;
  readonly checksum: string | null;
  readonly appliedAt: string;
}

/** The steps that were applied, with their checksums; kept in the database itself. */
export class MigrationHistory {
  readonly #db: Kysely<Tables>;

  /** @param db in a transaction that excludes other writers */
  constructor(db: Kysely<unknown>) {
    // The tables are those that `prepare` makes.
    this.#db = db;
  }

  /** Makes the table if it is missing, from what an earlier Flotilla has kept if there is that. */
  async prepare(): Promise<void> {
    const tables = await this.#db.introspection.getTables({ withInternalKyselyTables: true });
    const names = new Set(tables.map(({ name }) => name));
    if (names.has(historyTable)) return;
    await this.#db.schema
      .createTable(historyTable)
      .addColumn('name', 'varchar(255)', (column) => column.notNull().primaryKey())
      .addColumn('timestamp', 'varchar(255)', (column) => column.notNull())
      .addColumn('checksum', 'varchar(64)')
      .execute();
    if (!names.has(earlierTable)) return;
    const earlier = this.#db.selectFrom(earlierTable).select(['id', 'applied_at', 'checksum']);
    await this.#db.insertInto(historyTable).columns(['name', 'timestamp', 'checksum']).expression(earlier).execute();
  }

  /** What was applied, in the order of ids. */
  async applied(): Promise<readonly AppliedMigration[]> {
    const rows = await this.#db.selectFrom(historyTable).selectAll().orderBy('name').execute();
    return rows.map(({ name, timestamp, checksum }) => ({ id: name, appliedAt: timestamp, checksum }));
  }

  /** Keeps the checksum of a step that was applied just now. */
  async keepChecksum(id: string, checksum: string): Promise<void> {
    await this.#db.updateTable(historyTable).set({ checksum }).where('name', '=', id).execute();
  }
}

/**
 * Compares the steps that were applied with those that the program knows.
 *
 * @throws {DatabaseSetupError} when one has changed, is not known, or a missing one comes before an applied one
 */
export function compareWithApplied(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  words: SchemaWords,
): void {
  const known = new Map(migrations.map((migration) => [migration.id, migration]));
  for (const { id, checksum, appliedAt } of applied) {
    const migration = known.get(id);
    if (migration === undefined) {
      throw new DatabaseSetupError(
        `The database has the migration ${id} (applied ${appliedAt}), which this program does not know: it was used by a newer version, or migrations/${id}.ts was removed. Start that version, put the file back, or name another database with DATABASE_URL`,
      );
    }
    if (!('retired' in migration) && checksumOf(migration.sql(words)) !== checksum) {
      throw new DatabaseSetupError(
        `migrations/${id}.ts has changed since it was applied (${appliedAt}). Put its old text back and write the change as a new migration`,
      );
    }
  }
  const done = new Set(applied.map(({ id }) => id));
  const last = applied.at(-1)?.id ?? '';
  const late = migrations.find(({ id }) => !done.has(id) && id < last);
  if (late !== undefined) {
    throw new DatabaseSetupError(
      `migrations/${late.id}.ts comes before ${last}, which was applied already. Give it a higher number, so that every database gets the steps in the same order`,
    );
  }
}

/** Line endings don't count: the same file checked out on another system is the same step. */
export function checksumOf(sql: string): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
}
