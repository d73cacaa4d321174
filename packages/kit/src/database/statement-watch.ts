/** Is told what the statements of a database cost. All times are on the clock's monotonic scale, in milliseconds. */
export interface StatementWatch {
  /** A statement has run. `errorType`: what went wrong, in a word; undefined: nothing. */
  ran(sql: string, startedMs: number, errorType?: string): void;
  /** Somebody has waited until a connection was free. */
  waited(startedMs: number): void;
}

/** Which database it is, by the names of OpenTelemetry's conventions. */
export interface DatabaseName {
  /** `sqlite`, `postgresql`, `mysql`, `mariadb`, `redis` */
  readonly system: string;
  /** The name of the database, or its file. */
  readonly namespace: string;
}
