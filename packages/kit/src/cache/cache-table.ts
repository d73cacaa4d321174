import type { Database, SchemaWords, Transaction } from '../database/index.ts';

/** The table by which the instances of a service agree on what in Redis counts. A service with a cache has it. */
const table = 'cache_state';

/** The row that names the generation: values of others do not count. All other rows are instances that are cut off from Redis. */
const generationRow = 'generation';

/** The SQL of the cache's table, for a migration. */
export function cacheTables({ text, strictTable }: SchemaWords): string {
  return `CREATE TABLE ${table} (
  name ${text(64)} NOT NULL PRIMARY KEY,
  value ${text(64)} NOT NULL
) ${strictTable};
INSERT INTO ${table} (name, value) VALUES ('${generationRow}', '0');`;
}

interface Tables {
  readonly [table]: { readonly name: string; readonly value: string };
}

/** An instance that has said that it cannot reach Redis, with what it said last: a new text each time. */
export interface CutRow {
  readonly name: string;
  readonly value: string;
}

/** What the instances of a service tell each other through their database. Everything may reject with STORAGE_UNAVAILABLE. */
export interface CacheState {
  read(): Promise<{ readonly generation: string | undefined; readonly cuts: readonly CutRow[] }>;
  /** Begins a generation: what is in Redis no longer counts. */
  begin(generation: string): Promise<void>;
  /** Says that an instance is cut off, or still is. Returns whether it was known. */
  announce(cut: CutRow): Promise<boolean>;
  /** Says that the instance is cut off no more, and begins a generation. */
  withdraw(name: string, generation: string): Promise<void>;
  /** The same for another instance, if it has said nothing new since. */
  forget(cut: CutRow, generation: string): Promise<void>;
}

/** The state in a database with the {@link cacheTables}. */
export function cacheState(database: Pick<Database<unknown>, 'query' | 'prepare' | 'transaction'>): CacheState {
  // The builder's types do not depend on anything that the object holds.
  const query = database.query as Database<Tables>['query'];
  const all = database.prepare(() => query.selectFrom(table).select(['name', 'value']));
  const begin = async (on: Pick<Transaction<Tables>, 'query'>, generation: string): Promise<void> => {
    const changed = on.query.updateTable(table).set({ value: generation }).where('name', '=', generationRow);
    if ((await changed.executeTakeFirst()).numUpdatedRows > 0n) return;
    // Somebody has deleted the row.
    await on.query.insertInto(table).values({ name: generationRow, value: generation }).execute();
  };
  const inTransaction = (work: (on: Pick<Transaction<Tables>, 'query'>) => Promise<void>): Promise<void> =>
    database.transaction((transaction) => work({ query: transaction.query }));
  return {
    async read() {
      const rows = await all({});
      return {
        generation: rows.find(({ name }) => name === generationRow)?.value,
        cuts: rows.filter(({ name }) => name !== generationRow),
      };
    },
    begin: (generation) => begin({ query }, generation),
    async announce({ name, value }) {
      const changed = query.updateTable(table).set({ value }).where('name', '=', name);
      if ((await changed.executeTakeFirst()).numUpdatedRows > 0n) return true;
      await query.insertInto(table).values({ name, value }).execute();
      return false;
    },
    withdraw: (name, generation) =>
      inTransaction(async (on) => {
        await on.query.deleteFrom(table).where('name', '=', name).execute();
        await begin(on, generation);
      }),
    forget: ({ name, value }, generation) =>
      inTransaction(async (on) => {
        const removal = on.query.deleteFrom(table).where('name', '=', name).where('value', '=', value);
        if ((await removal.executeTakeFirst()).numDeletedRows > 0n) await begin(on, generation);
      }),
  };
}
