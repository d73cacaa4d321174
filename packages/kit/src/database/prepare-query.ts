import type { Compilable, CompiledQuery } from 'kysely';
import type { OpenDatabase } from './database-kind.ts';
import type { Transaction } from './transaction.ts';

/** A query that is prepared. */
export interface PreparedQuery<Values, Row> {
  /** Runs it with these values; in `transaction`, if one is given. */
  (values: Values, transaction?: Transaction): Promise<readonly Row[]>;
  /** Runs it at the latest when the transaction takes effect; see `Transaction.runLater`. */
  later(values: Values, transaction: Transaction): Promise<void>;
}

/** A placeholder in a query for a value that comes later. */
class StandIn {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Makes the SQL of a query once; see `Database.prepare`. */
export function prepareQuery<Values extends object, Row>(
  { run }: Pick<OpenDatabase, 'run'>,
  build: (values: Values) => Compilable<Row>,
): PreparedQuery<Values, Row> {
  const { sql, fill, compiled } = compileOnce(build);
  const query = async (values: Values, transaction?: Transaction): Promise<readonly Row[]> =>
    transaction === undefined ? run<Row>(sql, fill(values)) : (await transaction.run<Row>(compiled(values))).rows;
  return Object.assign(query, {
    later: (values: Values, transaction: Transaction) => transaction.runLater(compiled(values)),
  });
}

/** A query whose SQL is made already. */
export interface FilledQuery<Values, Row> {
  readonly sql: string;
  /** Its values, in the order of the placeholders. */
  fill(values: Values): readonly unknown[];
  compiled(values: Values): CompiledQuery<Row>;
}

/** Makes the SQL of a query once, with placeholders for its values. */
export function compileOnce<Values extends object, Row>(
  build: (values: Values) => Compilable<Row>,
): FilledQuery<Values, Row> {
  const standIns = new Proxy({}, { get: (_target, name) => new StandIn(String(name)) });
  // Kysely passes values through unchanged, so a placeholder is a value like any other.
  const compiled = build(standIns as Values).compile();
  const { sql, parameters, query, queryId } = compiled;
  const fill = (values: Values): readonly unknown[] =>
    parameters.map((one) => (one instanceof StandIn ? Reflect.get(values, one.name) : one));
  return { sql, fill, compiled: (values) => ({ sql, query, queryId, parameters: fill(values) }) };
}
