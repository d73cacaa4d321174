/** A statement with its values. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What a statement did. */
export interface StatementResult {
  readonly rows: readonly unknown[];
  /** How many rows it has inserted, matched or removed. */
  readonly affected?: number | undefined;
  /** The id that the database assigned to a new row, if the server tells. */
  readonly insertId?: bigint | undefined;
  /** What was done, if the server tells: `COMMIT`. */
  readonly command?: string | undefined;
}

/** One connection to a server, as a driver provides it. It runs one statement at a time. */
export interface ServerConnection {
  /** Runs a statement; several, if there are no parameters. Rejects with a `DatabaseFault`. */
  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /**
   * Runs statements one after the other, up to the first that fails, and gives what the last one did. They are sent together, if
   * the server allows. Each is one statement, also without parameters. Rejects with a `DatabaseFault`.
   */
  runTogether(statements: readonly Statement[]): Promise<StatementResult>;
  /** Whether it has ended. */
  readonly lost: boolean;
  /** Says goodbye. Nothing is running. */
  end(): void;
  /** Closes it at once, whatever is running; that may never settle. */
  cut(): void;
}

/** Does what `runTogether` asks for with a driver that waits for each answer. */
export async function runOneByOne(
  connection: Pick<ServerConnection, 'run'>,
  statements: readonly Statement[],
): Promise<StatementResult> {
  let last: StatementResult = { rows: [] };
  for (const { sql, parameters } of statements) last = await connection.run(sql, parameters);
  return last;
}

/** The limits of a connection's statements; the server knows them too. */
export interface ConnectionLimits {
  /** 0: none. */
  readonly statementTimeoutMs: number;
  /** How long a statement waits for the locks of others; 0: as long as they are held. */
  readonly lockTimeoutMs: number;
}

/** Opens a connection, or rejects with a `DatabaseFault`. Gives up when `signal` is aborted, and leaves nothing open then. */
export type Connect = (limits: ConnectionLimits, signal: AbortSignal) => Promise<ServerConnection>;
