import type { Clock } from '@flotilla/contracts';
import { awayFault, failureOf, faultOf } from './database-fault.ts';
import { PooledConnection } from './pooled-connection.ts';
import type { ServerConnection } from './server-connection.ts';
import type { ConnectionSource } from './server-driver.ts';
import { SilenceWatch } from './silence-watch.ts';

/** How long a statement may run before the server is asked, on another connection, whether it is there; and how often then. */
const silenceMs = 5_000;
/** For how long it may leave the questions unanswered: much longer than for requests, since a migration that is cut may be half done. */
const unansweredLimitMs = 15_000;

/** What {@link OwnConnections} need. */
export interface OwnConnectionsOptions {
  readonly open: () => Promise<ServerConnection>;
  /** Asks the server whether it is there. Rejects with a `DatabaseFault`. */
  readonly ask: () => Promise<unknown>;
  readonly clock: Clock;
}

/**
 * A source of connections of which each is opened when it is asked for, and closed when it is given back. A statement may take as
 * long as it likes, but only while the server is there: one that is frozen, or gone without a word, would hold up a start forever.
 */
export class OwnConnections implements ConnectionSource {
  readonly #options: OwnConnectionsOptions;
  readonly #busy = new Set<PooledConnection>();
  readonly #watch: SilenceWatch;
  #unansweredSinceMs: number | undefined;

  constructor(options: OwnConnectionsOptions) {
    this.#options = options;
    const { clock } = options;
    const ask = (): void => void this.#ask();
    this.#watch = new SilenceWatch({ clock, statementTimeoutMs: Infinity, silenceMs, busy: this.#busy, ask });
  }

  async acquire(): Promise<PooledConnection> {
    const watcher = { begun: () => this.#watch.begun(), heard: () => this.#heard(), failed() {} };
    const connection = new PooledConnection(await this.#options.open(), this.#options.clock, watcher);
    this.#busy.add(connection);
    return connection;
  }

  release(connection: PooledConnection): void {
    this.#busy.delete(connection);
    connection.end();
  }

  close(): void {
    this.#watch.stop();
  }

  async #ask(): Promise<void> {
    const { ask, clock } = this.#options;
    const askedMs = clock.monotonicMs();
    try {
      await ask();
      this.#heard();
    } catch (error) {
      // Whoever refuses is there.
      if (failureOf(error) !== 'unreachable') return this.#heard();
      this.#unansweredSinceMs ??= askedMs;
      if (clock.monotonicMs() - this.#unansweredSinceMs < unansweredLimitMs) return;
      const fault = faultOf(error) ?? awayFault('the server does not answer');
      for (const connection of [...this.#busy]) connection.cut(fault);
    }
  }

  #heard(): void {
    this.#watch.heard();
    this.#unansweredSinceMs = undefined;
  }
}
