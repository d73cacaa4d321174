import { channel } from 'node:diagnostics_channel';
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
  /**
   * Runs something once the transaction has ended, whether it took effect or not, and before anybody is told. If it rejects
   * after a transaction that took effect, so does `Database.transaction`.
   */
  afterwards(run: () => Promise<void>): void;
}

/** Says that a transaction is committed, to tests that kill programs at such points. It costs nothing when nobody listens. */
const points = channel('flotilla.database');

/** Runs `work` in a transaction of `db`; see `Database.transaction`. */
export async function runTransaction<Tables, T>(
  db: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  const afterwards: (() => Promise<void>)[] = [];
  const finish = async (): Promise<void> => {
    const ends = await Promise.allSettled(afterwards.map((run) => run()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
  let result: T;
  try {
    result = await db.transaction().execute((query) =>
      work({
        query,
        async run(compiled) {
          return (await query.executeQuery(compiled)).rows;
        },
        afterwards: (run) => void afterwards.push(run),
      }),
    );
  } catch (error) {
    // What went wrong first says more.
    await finish().catch(() => undefined);
    throw error;
  }
  if (points.hasSubscribers) points.publish('transaction-committed');
  await finish();
  return result;
}
