import type { CompiledQuery, Kysely } from 'kysely';

/**
 * Several statements that take effect together, or not at all; see `Database.transaction`. It must not be used after the
 * function that it was given to has ended.
 */
export interface Transaction<Tables = unknown> {
  /** Builds and runs queries in the transaction. */
  readonly query: Kysely<Tables>;
  /** Runs a query that was compiled before. For prepared queries, which take a transaction. */
  run<Row>(query: CompiledQuery<Row>): Promise<readonly Row[]>;
}

/** Runs `work` in a transaction of `db`; see `Database.transaction`. */
export function runTransaction<Tables, T>(
  db: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute((query) =>
    work({
      query,
      async run(compiled) {
        return (await query.executeQuery(compiled)).rows;
      },
    }),
  );
}
