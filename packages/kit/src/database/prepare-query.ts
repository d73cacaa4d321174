import type { Compilable } from 'kysely';
import type { OpenDatabase } from './database-kind.ts';

/** Runs a prepared query with these values. */
export type PreparedQuery<Values, Row> = (values: Values) => Promise<readonly Row[]>;

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
  return (values) => {
    const given = parameters.map((one) => (one instanceof StandIn ? Reflect.get(values, one.name) : one));
    return run<Row>(sql, given);
  };
}
