import type { Clock } from '@flotilla/contracts';
import type { StatementWatch } from '../statement-watch.ts';
import type { DatabaseFault } from './database-fault.ts';
import type { ServerConnection, Statement, StatementResult } from './server-connection.ts';

/** Who watches over statements. */
export interface StatementWatcher {
  begun(): void;
  /** The server has answered. */
  heard(): void;
  failed(fault: DatabaseFault): void;
  /** Measures them. */
  readonly statements?: StatementWatch | undefined;
}

/** A connection of the pool, with what is known of its statement. */
export class PooledConnection {
  readonly #connection: ServerConnection;
  readonly #clock: Clock;
  readonly #watcher: StatementWatcher;
  readonly bornMs: number;
  /** When it was last given back. */
  idleSinceMs: number;
  #broken = false;
  #runningSinceMs: number | undefined;
  #abandon: ((fault: DatabaseFault) => void) | undefined;

  constructor(connection: ServerConnection, clock: Clock, watcher: StatementWatcher) {
    this.#connection = connection;
    this.#clock = clock;
    this.#watcher = watcher;
    this.bornMs = clock.monotonicMs();
    this.idleSinceMs = this.bornMs;
  }

  /** Whether it can run another statement. */
  get usable(): boolean {
    return !this.#broken && !this.#connection.lost;
  }

  /** Since when its statement runs; undefined: none does. */
  get runningSinceMs(): number | undefined {
    return this.#runningSinceMs;
  }

  /** Runs a statement. Rejects with a `DatabaseFault`. */
  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    return this.#watched([{ sql, parameters }], () => this.#connection.run(sql, parameters));
  }

  /** Runs statements one after the other; see `ServerConnection`. Rejects with a `DatabaseFault`. */
  runTogether(statements: readonly Statement[]): Promise<StatementResult> {
    return this.#watched(statements, () => this.#connection.runTogether(statements));
  }

  /** Marks it as not to be used again: nobody knows in what state it is. */
  spoil(): void {
    this.#broken = true;
  }

  end(): void {
    this.#broken = true;
    this.#connection.end();
  }

  /** Closes it at once; its statement rejects with `fault`. */
  cut(fault: DatabaseFault): void {
    this.#broken = true;
    this.#runningSinceMs = undefined;
    this.#abandon?.(fault);
    this.#abandon = undefined;
    this.#connection.cut();
  }

  #watched(statements: readonly Statement[], run: () => Promise<StatementResult>): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      const startedMs = this.#clock.monotonicMs();
      this.#runningSinceMs = startedMs;
      this.#abandon = reject;
      this.#watcher.begun();
      run().then(
        (result) => {
          this.#ended();
          this.#measure(statements, startedMs);
          resolve(result);
        },
        (fault: DatabaseFault) => {
          if (fault.lost) this.#broken = true;
          this.#ended();
          this.#watcher.failed(fault);
          this.#measure(statements, startedMs, errorType(fault));
          reject(fault);
        },
      );
    });
  }

  /** Of statements that are sent together, each has taken as long as all. */
  #measure(statements: readonly Statement[], startedMs: number, failure?: string): void {
    const watch = this.#watcher.statements;
    if (watch === undefined) return;
    for (const { sql } of statements) watch.ran(sql, startedMs, failure);
  }

  #ended(): void {
    this.#runningSinceMs = undefined;
    this.#abandon = undefined;
    // What the system says of a lost connection is no answer of the server.
    if (!this.#broken) this.#watcher.heard();
  }
}

/** A value that is taken is an answer. */
function errorType({ code, verdict }: DatabaseFault): string | undefined {
  return verdict.kind === 'unique' ? undefined : (code ?? verdict.kind);
}
