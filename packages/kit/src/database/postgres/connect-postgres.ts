import { Socket } from 'node:net';
import type pg from 'pg';
import type { DatabaseServerLocation } from '../../config/index.ts';
import { DatabaseFault } from '../server/database-fault.ts';
import type { Connect, ConnectionLimits, ServerConnection, StatementResult } from '../server/server-connection.ts';
import { tlsOptions } from '../server/tls-options.ts';
import { postgresFault, stalePlan } from './postgres-errors.ts';
import { postgresTypes } from './postgres-types.ts';

/** How many statements a connection keeps prepared. A service has a few dozen; with more, values are probably written into the SQL. */
const maxPrepared = 200;
/** The server looks for deadlocks after a second, and then one of the two may go on. Ended by their limit, both would fail. */
const deadlockMarginMs = 500;
/** A transaction that does nothing for so long was forgotten by its program; the server ends it, with its locks. */
const idleInTransactionMs = 60_000;

/** Opens connections to a PostgreSQL server. */
export function connectPostgres(driver: typeof pg, location: DatabaseServerLocation): Connect {
  return async (limits, signal) => {
    const socket = new Socket();
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
      types: postgresTypes(driver.types),
    });
    const connection = new PostgresConnection(client, socket);
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
  readonly #prepared = new Map<string, string>();
  /** How often all names were given up. */
  #generation = 0;
  #lost = false;

  constructor(client: pg.Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
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

  async run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    try {
      const { rows = [], rowCount, command } = await this.#query(sql, parameters);
      return { rows, affected: rowCount ?? undefined, command };
    } catch (error) {
      const fault = postgresFault(error);
      if (fault.lost) this.#lost = true;
      if (fault.code === stalePlan) this.#forgetPrepared();
      throw fault;
    }
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

  #query(text: string, parameters: readonly unknown[]): Promise<Partial<pg.QueryResult<object>>> {
    // Without values, the protocol allows several statements; the driver then gives an array, of which nobody needs anything.
    if (parameters.length === 0) return this.#client.query<object>(text);
    const name = this.#nameOf(text);
    return this.#client.query({ text, values: [...parameters], ...(name === undefined ? {} : { name }) });
  }

  /** The name under which the server keeps a statement; undefined: it keeps enough. */
  #nameOf(sql: string): string | undefined {
    const known = this.#prepared.get(sql);
    if (known !== undefined || this.#prepared.size >= maxPrepared) return known;
    const name = `flotilla_${this.#generation}_${this.#prepared.size}`;
    this.#prepared.set(sql, name);
    return name;
  }

  /** Under new names, statements are prepared anew: the driver knows no other way. */
  #forgetPrepared(): void {
    this.#prepared.clear();
    this.#generation += 1;
  }
}
