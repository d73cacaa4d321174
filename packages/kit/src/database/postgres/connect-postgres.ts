import { Socket } from 'node:net';
import type pg from 'pg';
import type { DatabaseServerLocation } from '../../config/index.ts';
import { DatabaseFault } from '../server/database-fault.ts';
import {
  type Connect,
  type ConnectionLimits,
  runOneByOne,
  type ServerConnection,
  type Statement,
  type StatementResult,
} from '../server/server-connection.ts';
import { tlsOptions } from '../server/tls-options.ts';
import { type BatchStep, type ParserOf, PostgresBatch, wireValues } from './postgres-batch.ts';
import { otherStatements, postgresFault, stalePlan } from './postgres-errors.ts';
import { PostgresStatements } from './postgres-statements.ts';
import { postgresTypes } from './postgres-types.ts';

/** The server looks for deadlocks after a second, and then one of the two may go on. Ended by their limit, both would fail. */
const deadlockMarginMs = 500;
/** A transaction that does nothing for so long was forgotten by its program; the server ends it, with its locks. */
const idleInTransactionMs = 60_000;

/** Opens connections to a PostgreSQL server. */
export function connectPostgres(driver: typeof pg, location: DatabaseServerLocation): Connect {
  return async (limits, signal) => {
    const socket = new Socket();
    const types = postgresTypes(driver.types);
    const client = new driver.Client({
      host: location.host,
      port: location.port,
      user: location.user,
      database: location.database,
      // A function, since the driver would look for an empty one in its environment and in files.
      password: () => location.password,
      ssl: tlsOptions(location) ?? false,
      stream: () => socket,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      application_name: 'flotilla',
      types,
    });
    const connection = new PostgresConnection(client, socket, types);
    const cut = (): void => connection.cut();
    signal.addEventListener('abort', cut, { once: true });
    try {
      await client.connect();
      await client.query(sessionSettings(limits));
      await requireUtf8(client);
      return connection;
    } catch (error) {
      connection.cut();
      throw error instanceof DatabaseFault ? error : postgresFault(error);
    } finally {
      signal.removeEventListener('abort', cut);
    }
  };
}

/**
 * Sent after the connection is open, since connection poolers refuse unknown parameters of its start. The server's own
 * configuration must not change what statements mean.
 */
function sessionSettings({ statementTimeoutMs, lockTimeoutMs }: ConnectionLimits): string {
  return [
    `SET statement_timeout = ${statementTimeoutMs}`,
    `SET lock_timeout = ${lockTimeoutMs === 0 ? 0 : lockTimeoutMs + deadlockMarginMs}`,
    `SET idle_in_transaction_session_timeout = ${idleInTransactionMs}`,
    "SET TimeZone = 'UTC'",
    // A statement that stands alone then waits for others that change its row, and never fails because they did.
    "SET default_transaction_isolation = 'read committed'",
    "SET client_encoding = 'UTF8'",
    'SET standard_conforming_strings = on',
    "SET bytea_output = 'hex'",
    'SET client_min_messages = warning',
  ].join('; ');
}

async function requireUtf8(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ readonly server_encoding: string }>('SHOW server_encoding');
  const encoding = rows[0]?.server_encoding;
  if (encoding === 'UTF8') return;
  const message = `the database has the encoding ${encoding}, and not UTF8`;
  throw new DatabaseFault(message, { verdict: { kind: 'unavailable', failure: 'unsupported' }, lost: true });
}

class PostgresConnection implements ServerConnection {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly #parserOf: ParserOf;
  readonly #statements = new PostgresStatements();
  #lost = false;

  constructor(client: pg.Client, socket: Socket, types: pg.CustomTypesConfig) {
    this.#client = client;
    this.#socket = socket;
    // The driver's types know nothing of what a parser gives.
    this.#parserOf = (id) => types.getTypeParser(id, 'text') as ReturnType<ParserOf>;
    // Without a listener, a server that restarts would end this process.
    client.on('error', () => {
      this.#lost = true;
    });
    client.on('end', () => {
      this.#lost = true;
    });
  }

  get lost(): boolean {
    return this.#lost || this.#socket.destroyed;
  }

  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    // Without values, the protocol allows several statements.
    const step = parameters.length === 0 ? undefined : this.#stepOf({ sql, parameters });
    return step === undefined ? this.#runByDriver(sql, parameters) : this.#runBatch([step]);
  }

  runTogether(statements: readonly Statement[]): Promise<StatementResult> {
    const steps = statements.map((one) => this.#stepOf(one));
    if (steps.every((step) => step !== undefined)) return this.#runBatch(steps);
    return runOneByOne(this, statements);
  }

  end(): void {
    if (this.#lost) return this.cut();
    this.#lost = true;
    // A server that does not answer keeps nobody from ending.
    this.#socket.unref();
    this.#client.end().catch(() => undefined);
  }

  cut(): void {
    this.#lost = true;
    this.#socket.destroy();
  }

  /** How a statement is sent by its name; undefined: only the driver can send it. */
  #stepOf({ sql, parameters }: Statement): BatchStep | undefined {
    const values = wireValues(parameters);
    const statement = values && this.#statements.of(sql);
    return values && statement && { statement, values };
  }

  #runBatch(steps: readonly BatchStep[]): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      const failed = (error: unknown): void => reject(this.#faultOf(error));
      this.#client.query(new PostgresBatch(steps, this.#parserOf, { resolve, reject: failed }));
    });
  }

  async #runByDriver(text: string, parameters: readonly unknown[]): Promise<StatementResult> {
    try {
      // For several statements the driver gives an array, of which nobody needs anything.
      const result: Partial<pg.QueryResult<object>> = await (parameters.length === 0
        ? this.#client.query<object>(text)
        : this.#client.query<object>(text, [...parameters]));
      return { rows: result.rows ?? [], affected: result.rowCount ?? undefined, command: result.command };
    } catch (error) {
      throw this.#faultOf(error);
    }
  }

  #faultOf(error: unknown): DatabaseFault {
    const fault = postgresFault(error);
    if (fault.lost) this.#lost = true;
    if (fault.code === stalePlan) this.#statements.forget();
    else if (otherStatements.has(fault.code)) this.#statements.doubt();
    return fault;
  }
}
