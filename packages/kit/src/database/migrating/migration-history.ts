import { type Kysely, sql } from 'kysely';
import type { AppliedMigration } from '../compare-migrations.ts';
import type { OpenDatabase } from '../database-kind.ts';

/** Kysely's table of applied migrations, with more columns. */
const historyTable = 'kysely_migration';
/** The table that earlier releases of Flotilla kept. It is read once, and left unchanged for them. */
const earlierTable = 'flotilla_migrations';
/** The migration that runs statement by statement and has not ended; otherwise it is empty. */
const unfinishedTable = 'flotilla_unfinished_migration';

interface HistoryRow {
  readonly name: string;
  readonly timestamp: string;
  readonly checksum: string | null;
  /** Since it is younger than the table, it may be missing when all columns are read. */
  readonly down_checksum: string | null | undefined;
  /** 1 or 0; see above. */
  readonly backward_compatible: number | null | undefined;
}

interface UnfinishedRow {
  readonly name: string;
  readonly direction: string;
  readonly statements_done: number;
  readonly statement_count: number;
  readonly checksum: string;
  readonly begun_at: string;
}

interface Tables {
  readonly [historyTable]: HistoryRow;
  readonly [earlierTable]: { readonly id: string; readonly checksum: string; readonly applied_at: string };
  readonly [unfinishedTable]: UnfinishedRow;
}

/** Which way a migration goes. */
export type Direction = 'up' | 'down';

/** A migration of which some statements have taken effect, and others not. */
export interface UnfinishedMigration {
  readonly id: string;
  readonly direction: Direction;
  /** How many statements have taken effect. */
  readonly done: number;
  /** How many there were when it began. */
  readonly of: number;
  /** Of the statements that have taken effect. */
  readonly checksum: string;
  readonly begunAt: string;
}

/** What is noted of an applied migration. */
export type HistoryEntry = Required<AppliedMigration>;

/** The applied migrations, kept in the database itself. */
export class MigrationHistory {
  readonly #db: Kysely<Tables>;
  readonly #kind: OpenDatabase['name'];

  constructor(db: Kysely<unknown>, kind: OpenDatabase['name']) {
    // `prepare` makes these tables, and what reads them looks first whether they are there.
    this.#db = db;
    this.#kind = kind;
  }

  /** The applied migrations, in the order of ids. Writes nothing. */
  async applied(): Promise<readonly AppliedMigration[]> {
    if ((await this.#columns(historyTable)).size > 0) {
      const rows = await this.#db.selectFrom(historyTable).selectAll().execute();
      return sorted(rows.map(appliedOf));
    }
    if ((await this.#columns(earlierTable)).size === 0) return [];
    const earlier = await this.#db.selectFrom(earlierTable).selectAll().execute();
    return sorted(earlier.map(({ id, checksum, applied_at }) => ({ id, checksum, appliedAt: applied_at })));
  }

  /** The migration that has not ended, if there is one. Writes nothing. */
  async unfinished(): Promise<UnfinishedMigration | undefined> {
    if ((await this.#columns(unfinishedTable)).size === 0) return undefined;
    const row = await this.#db.selectFrom(unfinishedTable).selectAll().executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      id: row.name,
      direction: row.direction === 'down' ? 'down' : 'up',
      done: Number(row.statements_done),
      of: Number(row.statement_count),
      checksum: row.checksum,
      begunAt: row.begun_at,
    };
  }

  /** Makes the tables, from that of an earlier release if there is one, and adds younger columns. */
  async prepare(): Promise<void> {
    const columns = await this.#columns(historyTable);
    if (columns.size === 0) return this.#create();
    const table = this.#db.schema.alterTable(historyTable);
    if (!columns.has('checksum')) await table.addColumn('checksum', 'varchar(64)').execute();
    if (!columns.has('down_checksum')) await table.addColumn('down_checksum', 'varchar(64)').execute();
    if (!columns.has('backward_compatible')) await table.addColumn('backward_compatible', 'integer').execute();
  }

  async #create(): Promise<void> {
    await this.#db.schema
      .createTable(historyTable)
      .addColumn('name', 'varchar(255)', (column) => column.notNull().primaryKey())
      .addColumn('timestamp', 'varchar(255)', (column) => column.notNull())
      .addColumn('checksum', 'varchar(64)')
      .addColumn('down_checksum', 'varchar(64)')
      .addColumn('backward_compatible', 'integer')
      .execute();
    if ((await this.#columns(earlierTable)).size === 0) return;
    const earlier = this.#db.selectFrom(earlierTable).select(['id', 'applied_at', 'checksum']);
    await this.#db.insertInto(historyTable).columns(['name', 'timestamp', 'checksum']).expression(earlier).execute();
  }

  /** Notes a migration as applied. */
  async add({ id, appliedAt, checksum, downChecksum, backwardCompatible }: HistoryEntry): Promise<void> {
    await this.#db
      .insertInto(historyTable)
      .values({
        name: id,
        timestamp: appliedAt,
        checksum,
        down_checksum: downChecksum,
        backward_compatible: Number(backwardCompatible),
      })
      .execute();
  }

  /** Notes what was added to a migration after it was applied. */
  async note({ id, downChecksum, backwardCompatible }: Omit<HistoryEntry, 'checksum' | 'appliedAt'>): Promise<void> {
    await this.#db
      .updateTable(historyTable)
      .set({ down_checksum: downChecksum, backward_compatible: Number(backwardCompatible) })
      .where('name', '=', id)
      .execute();
  }

  /** Forgets a migration that was taken back. */
  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom(historyTable).where('name', '=', id).execute();
  }

  /** Notes that a migration runs statement by statement from now on. */
  async begin({ id, direction, done, of, checksum, begunAt }: UnfinishedMigration): Promise<void> {
    await this.#db.schema
      .createTable(unfinishedTable)
      .ifNotExists()
      .addColumn('name', 'varchar(255)', (column) => column.notNull().primaryKey())
      .addColumn('direction', 'varchar(4)', (column) => column.notNull())
      .addColumn('statements_done', 'integer', (column) => column.notNull())
      .addColumn('statement_count', 'integer', (column) => column.notNull())
      .addColumn('checksum', 'varchar(64)', (column) => column.notNull())
      .addColumn('begun_at', 'varchar(255)', (column) => column.notNull())
      .execute();
    await this.#db.deleteFrom(unfinishedTable).execute();
    await this.#db
      .insertInto(unfinishedTable)
      .values({ name: id, direction, statements_done: done, statement_count: of, checksum, begun_at: begunAt })
      .execute();
  }

  /** Notes how many of its statements have taken effect. */
  async proceed(done: number, checksum: string): Promise<void> {
    await this.#db.updateTable(unfinishedTable).set({ statements_done: done, checksum }).execute();
  }

  /** Notes that it has ended. */
  async end(): Promise<void> {
    await this.#db.deleteFrom(unfinishedTable).execute();
  }

  /** The columns of a table; none if there is no such table. */
  async #columns(table: string): Promise<ReadonlySet<string>> {
    const { rows } = await columnsQuery(this.#kind, table).execute(this.#db);
    return new Set(rows.map(({ name }) => name));
  }
}

function columnsQuery(kind: OpenDatabase['name'], table: string) {
  switch (kind) {
    case 'sqlite':
      return sql<{ readonly name: string }>`SELECT name FROM pragma_table_info(${table})`;
    case 'postgres':
      return sql<{ readonly name: string }>`
        SELECT attname::text AS name FROM pg_attribute
        WHERE attrelid = to_regclass(${table}) AND attnum > 0 AND NOT attisdropped`;
    case 'mysql':
      return sql<{ readonly name: string }>`
        SELECT column_name AS name FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = ${table}`;
    default:
      return kind satisfies never;
  }
}

function appliedOf(row: HistoryRow): AppliedMigration {
  return {
    id: row.name,
    appliedAt: row.timestamp,
    checksum: row.checksum,
    downChecksum: row.down_checksum ?? null,
    backwardCompatible: Number(row.backward_compatible ?? 0) === 1,
  };
}

/** By code units, as JavaScript compares them. A database may sort texts by the rules of a language. */
function sorted(applied: readonly AppliedMigration[]): readonly AppliedMigration[] {
  return applied.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
