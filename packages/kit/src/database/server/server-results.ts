import type { QueryResult } from 'kysely';
import { type DatabaseFault, thrownFor } from './database-fault.ts';
import type { StatementResult } from './server-connection.ts';

/** What Kysely is told of a statement's result. */
export function queryResultOf<Row>(result: StatementResult): QueryResult<Row> {
  const { affected, insertId } = result;
  return {
    rows: rowsOf<Row>(result),
    ...(affected === undefined ? {} : { numAffectedRows: BigInt(affected) }),
    ...(insertId === undefined ? {} : { insertId }),
  };
}

/** The rows have the types that Kysely derived for the query. */
export function rowsOf<Row>({ rows }: StatementResult): Row[] {
  return rows as Row[];
}

/** The same, rejecting with what every kind of database throws. */
export async function thrown<T>(run: Promise<T>): Promise<T> {
  try {
    return await run;
  } catch (error) {
    // A connection, and whoever gives one, reject with nothing else.
    throw thrownFor(error as DatabaseFault);
  }
}
