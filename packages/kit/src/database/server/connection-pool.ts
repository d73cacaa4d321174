import type { Clock } from '@flotilla/contracts';
import { startDeadline } from '@flotilla/contracts/time';
import type { StatementWatch } from '../statement-watch.ts';
import { asFault, awayFault, DatabaseFault, isUnready } from './database-fault.ts';
import { PooledConnection, type StatementWatcher } from './pooled-connection.ts';
import type { Connect, ConnectionLimits, ServerConnection } from './server-connection.ts';
import { SilenceWatch } from './silence-watch.ts';

/** How a {@link ConnectionPool} works. */
export interface PoolOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  /** Maximum number of connections. */
  readonly size: number;
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** The statement that asks the server whether it is there; see {@link Answer}. */
  readonly question: string;
  /** Is told of each statement that fails. */
  readonly onFault: (fault: DatabaseFault) => void;
  readonly watch?: StatementWatch | undefined;
}

/** How long a statement waits for the locks of others: as long as SQLite's. */
const lockTimeoutMs = 1_000;
/** How long somebody waits for a connection: with more waiting than that, waiting longer helps nobody. */
const waitLimitMs = 1_000;
/** How long the server may take to answer the question: a health check has a second in total. */
const answerLimitMs = 800;
/** How often a server that is away is asked, at most. */
const askIntervalMs = 500;
/** A connection that nobody has used for so long is closed. */
const idleLimitMs = 60_000;
/** A connection is replaced after this time, so that load balancers and new addresses of a host are followed. */
const ageLimitMs = 30 * 60_000;
const closed = 'the database is closed';

/** The one row that answers the question: whether the server can be written to, 1 or 0. */
type Answer = readonly { readonly writable: number }[];

type Waiting = PromiseWithResolvers<PooledConnection>;

/**
 * The connections to a server. Whoever asks for one while the server is away gets an error at once, instead of waiting for
 * what does not come; the pool asks the server meanwhile, and goes on when it answers.
 */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #limits: ConnectionLimits;
  readonly #watch: SilenceWatch;
  readonly #watcher: StatementWatcher;
  /** The last used is the last. */
  readonly #idle: PooledConnection[] = [];
  readonly #busy = new Set<PooledConnection>();
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting>();
  #opening = 0;
  /** Why the server is away; undefined: it is not, as far as is known. */
  #away: DatabaseFault | undefined;
  #askedMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<Answer> | undefined;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    const { statementTimeoutMs, clock } = options;
    this.#limits = { statementTimeoutMs, lockTimeoutMs };
    const ask = (): void => void this.ask().catch(() => undefined);
    const watch = new SilenceWatch({ clock, statementTimeoutMs, busy: this.#busy, ask });
    this.#watch = watch;
    this.#watcher = {
      begun: () => watch.begun(),
      heard: () => watch.heard(),
      failed: options.onFault,
      statements: options.watch,
    };
  }

  /** A connection, to be given back. Rejects with a `DatabaseFault` if there is none within a second. */
  acquire(): Promise<PooledConnection> {
    if (this.#closed) return Promise.reject(awayFault(closed));
    const idle = this.#takeIdle();
    if (idle !== undefined) return Promise.resolve(idle);
    if (this.#away !== undefined) {
      this.#askAgain();
      return Promise.reject(this.#away);
    }
    if (this.#busy.size + this.#opening < this.#options.size) void this.#openForWaiting();
    return this.#wait();
  }

  release(connection: PooledConnection): void {
    if (!this.#busy.delete(connection)) return;
    if (this.#closed || !connection.usable || this.#isOld(connection)) {
      connection.end();
      if (this.#waiting.size > 0 && this.#away === undefined && !this.#closed) void this.#openForWaiting();
      return;
    }
    this.#put(connection);
  }

  /**
   * Asks the server whether it is there, on an idle connection or a new one; all who ask meanwhile share the answer. Rejects
   * with a `DatabaseFault` if it does not answer in time: then it is away, and all connections are cut. No rows: it has not
   * answered this, but others.
   */
  ask(): Promise<Answer> {
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Opens a connection that is not the pool's. Rejects with a `DatabaseFault`. */
  async open(limits: ConnectionLimits = this.#limits): Promise<ServerConnection> {
    const { connect, clock, connectTimeoutMs } = this.#options;
    const deadline = startDeadline({ clock, afterMs: connectTimeoutMs });
    const late = new Promise<never>((_resolve, reject) => {
      const message = `no connection within ${connectTimeoutMs} ms (DATABASE_CONNECT_TIMEOUT_MS)`;
      deadline.signal.addEventListener('abort', () => reject(awayFault(message)));
    });
    const connecting = connect(limits, deadline.signal);
    try {
      const connection = await Promise.race([connecting, late]);
      if (!this.#closed) return connection;
      connection.cut();
      throw awayFault(closed);
    } finally {
      if (!deadline.signal.aborted) deadline.cancel();
      // One that comes too late is of no use.
      else
        connecting.then(
          (connection) => connection.cut(),
          () => undefined,
        );
    }
  }

  close(): void {
    this.#closed = true;
    this.#watch.stop();
    const fault = awayFault(closed);
    this.#rejectWaiting(fault);
    for (const connection of this.#idle.splice(0)) connection.end();
    for (const connection of [...this.#busy]) connection.cut(fault);
    this.#busy.clear();
  }

  #takeIdle(): PooledConnection | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.usable) {
        this.#busy.add(idle);
        return idle;
      }
    }
    return undefined;
  }

  /** Gives a connection to whoever waits longest, or keeps it. */
  #put(connection: PooledConnection): void {
    const [first] = this.#waiting;
    if (first !== undefined) {
      this.#waiting.delete(first);
      this.#busy.add(connection);
      first.resolve(connection);
      return;
    }
    connection.idleSinceMs = this.#options.clock.monotonicMs();
    this.#idle.push(connection);
  }

  async #wait(): Promise<PooledConnection> {
    const waiting: Waiting = Promise.withResolvers();
    const { clock, watch } = this.#options;
    const sinceMs = clock.monotonicMs();
    this.#waiting.add(waiting);
    const timer = clock.after(waitLimitMs, () => {
      this.#waiting.delete(waiting);
      const message = `no connection was free within ${waitLimitMs} ms; all ${this.#options.size} are in use (DATABASE_POOL_SIZE)`;
      waiting.reject(new DatabaseFault(message, { verdict: { kind: 'busy' }, lost: false }));
    });
    try {
      return await waiting.promise;
    } finally {
      timer.cancel();
      watch?.waited(sinceMs);
    }
  }

  /** Opens a connection for those who wait. If that fails, the server is away, and nobody waits for it. */
  async #openForWaiting(): Promise<void> {
    this.#opening += 1;
    try {
      this.#put(this.#pooled(await this.open()));
    } catch (error) {
      // Others may use the server's last connections, while ours work.
      if (this.#busy.size === 0 || !isUnready(error)) this.#leave(asFault(error));
    } finally {
      this.#opening -= 1;
    }
  }

  #pooled(connection: ServerConnection): PooledConnection {
    this.#away = undefined;
    return new PooledConnection(connection, this.#options.clock, this.#watcher);
  }

  async #askOnce(): Promise<Answer> {
    this.#askedMs = this.#options.clock.monotonicMs();
    this.#closeIdle();
    let asked: PooledConnection | undefined;
    let late = false;
    const answer = (async () => {
      // A new one may be one more than the pool's size, for a moment: a pool of slow statements is no sign of a server that is away.
      const connection = this.#takeIdle() ?? this.#pooled(await this.open());
      this.#busy.add(connection);
      if (late) {
        this.#giveBack(connection);
        return [];
      }
      asked = connection;
      // What the question asks for.
      return (await connection.run(this.#options.question, [])).rows as Answer;
    })();
    try {
      const rows = await this.#inTime(answer, () => (late = true));
      this.#away = undefined;
      if (asked !== undefined) this.#giveBack(asked);
      return rows;
    } catch (error) {
      if (asked !== undefined) {
        this.#busy.delete(asked);
        asked.cut(asFault(error));
      }
      // Others use the server's last connections, or it takes long to give a new one, while ours work.
      if ((isUnready(error) && this.#busy.size > 0) || (late && !this.#watch.isSilent)) return [];
      if (late) this.#cutAll(asFault(error));
      this.#leave(asFault(error));
      throw error;
    }
  }

  #giveBack(connection: PooledConnection): void {
    const surplus = this.#busy.size + this.#idle.length > this.#options.size;
    if (surplus) connection.spoil();
    this.release(connection);
  }

  /** Rejects if there is no answer in time. A process that was itself held up first reads what has arrived. */
  async #inTime(answer: Promise<Answer>, late: () => void): Promise<Answer> {
    const { clock } = this.#options;
    const outOfTime = Promise.withResolvers<never>();
    const timer = clock.after(answerLimitMs, () => {
      setImmediate(() =>
        setImmediate(() => {
          late();
          outOfTime.reject(awayFault(`the server has not answered within ${answerLimitMs} ms`));
        }),
      );
    });
    try {
      return await Promise.race([answer, outOfTime.promise]);
    } finally {
      timer.cancel();
      answer.catch(() => undefined);
      outOfTime.promise.catch(() => undefined);
    }
  }

  #askAgain(): void {
    const dueMs = this.#askedMs + askIntervalMs;
    if (this.#asking === undefined && this.#options.clock.monotonicMs() >= dueMs)
      void this.ask().catch(() => undefined);
  }

  #leave(why: DatabaseFault): void {
    this.#away = why;
    this.#rejectWaiting(why);
  }

  #cutAll(why: DatabaseFault): void {
    for (const connection of [...this.#idle.splice(0), ...this.#busy]) connection.cut(why);
  }

  #rejectWaiting(why: DatabaseFault): void {
    for (const waiting of this.#waiting) waiting.reject(why);
    this.#waiting.clear();
  }

  #closeIdle(): void {
    const nowMs = this.#options.clock.monotonicMs();
    // The longest unused are the first.
    while (this.#idle[0] !== undefined && nowMs - this.#idle[0].idleSinceMs > idleLimitMs) this.#idle.shift()?.end();
  }

  #isOld(connection: PooledConnection): boolean {
    return this.#options.clock.monotonicMs() - connection.bornMs > ageLimitMs;
  }
}
