import type { Clock } from '@flotilla/contracts';
import type { StatementWatch } from '../statement-watch.ts';
import type { DatabaseFault } from './database-fault.ts';
import type { ServerConnection, StatementResult } from './server-connection.ts';

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
    return new Promise((resolve, reject) => {
      const startedMs = this.#clock.monotonicMs();
      this.#runningSinceMs = startedMs;
      this.#abandon = reject;
      this.#watcher.begun();
      this.#connection.run(sql, parameters).then(
        (result) => {
          this.#ended();
          this.#watcher.statements?.ran(sql, startedMs);
          resolve(result);
        },
        (fault: DatabaseFault) => {
          if (fault.lost) this.#broken = true;
          this.#ended();
          this.#watcher.failed(fault);
          this.#watcher.statements?.ran(sql, startedMs, errorType(fault));
          reject(fault);
        },
      );
    });
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
