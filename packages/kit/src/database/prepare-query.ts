import type { Compilable } from 'kysely';
import type { OpenDatabase } from './database-kind.ts';
import type { Transaction } from './transaction.ts';

/** Runs a prepared query with these values; in `transaction`, if one is given. */
export type PreparedQuery<Values, Row> = (values: Values, transaction?: Transaction) => Promise<readonly Row[]>;

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
  const standIns = new Proxy({}, { get: (_target, name) => new StandIn(String(name)) });
  // Kysely passes values through unchanged, so a placeholder is a value like any other.
  const compiled = build(standIns as Values).compile();
  const { sql, parameters } = compiled;
  return (values, transaction) => {
    const given = parameters.map((one) => (one instanceof StandIn ? Reflect.get(values, one.name) : one));
    return transaction === undefined ? run<Row>(sql, given) : transaction.run({ ...compiled, parameters: given });
  };
}
