import { type ClientHttp2Session, connect } from 'node:http2';
import type { Clock, Timer } from '@flotilla/contracts';

interface Kept {
  readonly session: ClientHttp2Session;
  calls: number;
  idle: Timer | undefined;
  /** It gets no further calls, and ends with the last one. */
  retired: boolean;
}

/** A connection lent for one call. */
export interface Lease {
  readonly session: ClientHttp2Session;
  /** The call is over. `doubtful`: it was not answered, so later calls get a new connection. */
  end(doubtful: boolean): void;
}

/** One connection to each server, which all calls share; kept open between calls. */
export class GrpcSessions {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #kept = new Map<string, Kept>();

  /** @param idleMs how long a connection without calls is kept */
  constructor(clock: Clock, idleMs: number) {
    this.#clock = clock;
    this.#idleMs = idleMs;
  }

  /** A connection to `authority`, which may still have to be opened. */
  lease(authority: string): Lease {
    const kept = this.#kept.get(authority) ?? this.#open(authority);
    kept.calls += 1;
    kept.idle?.cancel();
    return {
      session: kept.session,
      end: (doubtful) => {
        kept.calls -= 1;
        if (doubtful) this.#retire(authority, kept);
        else if (kept.calls > 0) return;
        else if (kept.retired) kept.session.destroy();
        else kept.idle = this.#clock.after(this.#idleMs, () => this.#retire(authority, kept));
      },
    };
  }

  /** Closes all connections, those of calls in flight too. */
  close(): void {
    for (const { session, idle } of this.#kept.values()) {
      idle?.cancel();
      session.destroy();
    }
    this.#kept.clear();
  }

  #open(authority: string): Kept {
    const session = connect(`http://${authority}`, { settings: { enablePush: false } });
    const kept: Kept = { session, calls: 0, idle: undefined, retired: false };
    this.#kept.set(authority, kept);
    // Each call on it learns of the error by itself.
    session.on('error', () => this.#forget(authority, kept));
    session.on('close', () => this.#forget(authority, kept));
    // The server closes the connection; Node would leave one without calls open.
    session.on('goaway', () => this.#retire(authority, kept));
    return kept;
  }

  #retire(authority: string, kept: Kept): void {
    this.#forget(authority, kept);
    kept.retired = true;
    if (kept.calls === 0) kept.session.destroy();
  }

  #forget(authority: string, kept: Kept): void {
    kept.idle?.cancel();
    if (this.#kept.get(authority) === kept) this.#kept.delete(authority);
  }
}
