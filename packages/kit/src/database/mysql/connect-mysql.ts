import { createConnection as connectSocket, type Socket } from 'node:net';
import type mysql from 'mysql2';
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
import { type TlsOptions, tlsOptions } from '../server/tls-options.ts';
import { CompoundStatements, runsCompounds } from './compound-statements.ts';
import { mysqlFault } from './mysql-errors.ts';
import { lastRowsOf, resultOf } from './mysql-results.ts';
import { maxPrepared, PreparedStatements } from './prepared-statements.ts';

/** A transaction that does nothing for so long was forgotten by its program; MariaDB ends it, with its locks. */
const idleInTransactionSeconds = 60;
/** As long as a server waits at most. */
const forever = 31_536_000;

/** Opens connections to a MySQL or MariaDB server. */
export function connectMysql(driver: typeof mysql, location: DatabaseServerLocation): Connect {
  const compounds = new CompoundStatements();
  return async (limits, signal) => {
    const tls = tlsOptions(location);
    const { host, port, user, password, database } = location;
    const socket = connectSocket(
      host.startsWith('/') ? { path: host } : { host, port, noDelay: true, keepAlive: true },
    );
    const raw = driver.createConnection({
      stream: socket,
      host,
      user,
      password,
      database,
      ...(tls === undefined ? {} : { ssl: sslOptions(tls, location) }),
      charset: 'utf8mb4_bin',
      // Its own limit would not include the session's settings.
      connectTimeout: 0,
      // It must not close any that is in use.
      maxPreparedStatements: 2 * maxPrepared,
      supportBigNumbers: true,
      dateStrings: true,
      timezone: 'Z',
      // For the texts of migrations. Values are never part of a statement's text: all statements with values are prepared.
      multipleStatements: true,
      // A server must not be able to ask for files of this machine.
      flags: ['-LOCAL_FILES'],
    });
    const connection = new MysqlConnection(driver, raw, socket);
    const cut = (): void => connection.cut();
    signal.addEventListener('abort', cut, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        raw.connect((error) => (error === null ? resolve() : reject(error)));
      });
      await connection.run(sessionSettings(limits), []);
      await connection.useCompounds(compounds);
      return connection;
    } catch (error) {
      connection.cut();
      throw error instanceof DatabaseFault ? error : mysqlFault(error);
    } finally {
      signal.removeEventListener('abort', cut);
    }
  };
}

/** The driver compares names itself, with that of `host`. */
function sslOptions({ rejectUnauthorized, ca }: TlsOptions, { tls }: DatabaseServerLocation): mysql.SslOptions {
  return { rejectUnauthorized, ...(ca === undefined ? {} : { ca }), verifyIdentity: tls === 'verify-full' };
}

/**
 * The server's own configuration must not change what statements mean. With these modes, texts and names are quoted as in standard
 * SQL, a backslash is a character, and a value that does not fit is refused instead of cut off. What only MariaDB or only MySQL
 * knows is in a comment that the other does not read.
 */
function sessionSettings({ statementTimeoutMs, lockTimeoutMs }: ConnectionLimits): string {
  const modes =
    'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,ONLY_FULL_GROUP_BY,ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO';
  const lockSeconds = lockTimeoutMs === 0 ? forever : Math.ceil(lockTimeoutMs / 1_000);
  return [
    `SET SESSION sql_mode = '${modes}', SESSION time_zone = '+00:00', SESSION autocommit = 1`,
    `SESSION innodb_lock_wait_timeout = ${lockSeconds}, SESSION lock_wait_timeout = ${lockSeconds}`,
    `SESSION foreign_key_checks = 1, SESSION unique_checks = 1`,
    `SESSION sql_select_limit = DEFAULT /*M!100101 , SESSION max_statement_time = ${statementTimeoutMs / 1_000} */`,
  ]
    .join(', ')
    .concat(
      ` /*M!100300 , SESSION idle_transaction_timeout = ${idleInTransactionSeconds} */`,
      ` /*!80000 , SESSION max_execution_time = ${statementTimeoutMs} */`,
      '; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    );
}

/** Called with what a statement did, or with an error. */
type Done = (error: mysql.QueryError | null, result: unknown, fields: readonly mysql.FieldPacket[]) => void;

class MysqlConnection implements ServerConnection {
  readonly #driver: typeof mysql;
  readonly #connection: mysql.Connection;
  readonly #socket: Socket;
  readonly #prepared: PreparedStatements;
  /** Undefined: statements run one by one. */
  #compounds: CompoundStatements | undefined;
  #lost = false;

  constructor(driver: typeof mysql, connection: mysql.Connection, socket: Socket) {
    this.#driver = driver;
    this.#connection = connection;
    this.#socket = socket;
    this.#prepared = new PreparedStatements(connection);
    const lost = (): void => {
      this.#lost = true;
    };
    // Without a listener, a server that restarts would end this process.
    connection.on('error', lost);
    connection.on('end', lost);
    socket.on('close', lost);
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Finds out whether the server is one that runs compound statements, with nobody between who would have to understand them. */
  async useCompounds(compounds: CompoundStatements): Promise<void> {
    const { rows } = await this.run('SELECT VERSION() AS version, CONNECTION_ID() AS id', []);
    const { version, id } = Object(rows[0]) as { readonly version?: unknown; readonly id?: unknown };
    if (runsCompounds(String(version)) && isOwnId(id, this.#connection.threadId)) this.#compounds = compounds;
  }

  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      const failed = (error: unknown): void => reject(this.#faultOf(error));
      const done: Done = (error, result, fields) => {
        if (error === null) resolve(resultOf(result, fields));
        else failed(error);
      };
      try {
        // Without values, the protocol allows several statements.
        if (parameters.length === 0) this.#connection.query(sql, done);
        else {
          const values = parameters.map((one) => this.#parameterOf(one));
          this.#prepared.prepare(sql, (statement) => void statement.execute(values, done), failed);
        }
      } catch (error) {
        failed(error);
      }
    });
  }

  /** The driver waits for each answer, so they become one statement, if that means the same. */
  runTogether(statements: readonly Statement[]): Promise<StatementResult> {
    const text = this.#compounds?.textFor(statements);
    return text === undefined ? runOneByOne(this, statements) : this.#runCompound(text, statements);
  }

  #runCompound(text: string, statements: readonly Statement[]): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      const oneByOne = (): void => void runOneByOne(this, statements).then(resolve, reject);
      const done: Done = (error, result, fields) => {
        if (error === null) return resolve(lastRowsOf(result, fields));
        const fault = this.#faultOf(error);
        // The driver's own error, such as for a value that is no JSON: it has sent nothing, so what begins the transaction has not run
        // either. Whoever catches the error goes on in the transaction, which must therefore be one. With a result, be it null, the
        // error is of reading that, and all has run.
        if (error.errno === undefined && result === undefined && !fault.lost) oneByOne();
        else reject(fault);
      };
      const notPrepared = (error: unknown): void => {
        const fault = this.#faultOf(error);
        if (fault.lost) return reject(fault);
        // Nothing has run. If one of them is wrong, it says so by itself.
        this.#compounds = undefined;
        oneByOne();
      };
      try {
        const values: mysql.ExecuteValues[] = [];
        for (const { parameters } of statements) for (const one of parameters) values.push(this.#parameterOf(one));
        this.#prepared.prepare(text, (statement) => void statement.execute(values, done), notPrepared);
      } catch {
        // A value that is none: nothing was sent, as above.
        oneByOne();
      }
    });
  }

  end(): void {
    if (this.#lost) return this.cut();
    this.#lost = true;
    // A server that does not answer keeps nobody from ending.
    this.#socket.unref();
    this.#connection.end(() => undefined);
  }

  cut(): void {
    this.#lost = true;
    this.#socket.destroy();
  }

  #faultOf(error: unknown): DatabaseFault {
    const fault = mysqlFault(error);
    if (fault.lost) this.#lost = true;
    return fault;
  }

  /** Whole numbers as such: the driver would send a floating-point number, which is no limit of a page. */
  #parameterOf(given: unknown): mysql.ExecuteValues {
    if (given === undefined) return null;
    const whole = typeof given === 'bigint' || (typeof given === 'number' && Number.isSafeInteger(given));
    if (whole) return this.#driver.TypedParameter.BIGINT(given);
    // The driver would send their texts.
    if (typeof given === 'function' || typeof given === 'symbol')
      throw new TypeError(`A ${typeof given} is no value of a statement`);
    return given instanceof Uint8Array && !Buffer.isBuffer(given) ? Buffer.from(given) : (given as mysql.ExecuteValues);
  }
}

/** Whether the one who has greeted us is the server: a proxy that follows transactions by their statements has ids of its own. */
function isOwnId(id: unknown, greeted: number): boolean {
  return Number.isSafeInteger(Number(id)) && Number(id) % 2 ** 32 === greeted >>> 0;
}
