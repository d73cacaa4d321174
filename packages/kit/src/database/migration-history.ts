import type { Kysely } from 'kysely';
import type { AppliedMigration } from './compare-migrations.ts';

/** Kysely's table of applied migrations, with one more column. */
const historyTable = 'kysely_migration';
/** The table that earlier releases of Flotilla kept. It is read once, and left unchanged for them. */
const earlierTable = 'flotilla_migrations';

interface Tables {
  readonly [historyTable]: { readonly name: string; readonly timestamp: string; readonly checksum: string | null };
  readonly [earlierTable]: { readonly id: string; readonly checksum: string; readonly applied_at: string };
}

/** The applied migrations, with their checksums; kept in the database itself. */
export class MigrationHistory {
  readonly #db: Kysely<Tables>;

  /** @param db in a transaction that excludes other writers */
  constructor(db: Kysely<unknown>) {
    // `prepare` makes these tables.
    this.#db = db;
  }

  /** Makes the table if it is missing, from the table of an earlier release if there is one. */
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

  /** The applied migrations, in the order of ids. */
  async applied(): Promise<readonly AppliedMigration[]> {
    const rows = await this.#db.selectFrom(historyTable).selectAll().orderBy('name').execute();
    return rows.map(({ name, timestamp, checksum }) => ({ id: name, appliedAt: timestamp, checksum }));
  }

  /** Stores the checksum of a migration that was just applied. */
  async keepChecksum(id: string, checksum: string): Promise<void> {
    await this.#db.updateTable(historyTable).set({ checksum }).where('name', '=', id).execute();
  }
}
