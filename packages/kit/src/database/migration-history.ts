import type { Kysely } from 'kysely';
import type { AppliedMigration } from './compare-migrations.ts';

/** Kysely's table of the steps that were applied, with a column more. */
const historyTable = 'kysely_migration';
/** The table that Flotilla kept itself before. It is read once, and left as it is for programs of that time. */
const earlierTable = 'flotilla_migrations';

interface Tables {
  readonly [historyTable]: { readonly name: string; readonly timestamp: string; readonly checksum: string | null };
  readonly [earlierTable]: { readonly id: string; readonly checksum: string; readonly applied_at: string };
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
