import type { Limits } from '@flotilla/http1';
import type { RequestHead } from '../headers/request-head.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ReadMemory } from './read-memory.ts';
import type { TurnClock } from './turn-clock.ts';
import type { UpstreamSide } from './upstream-side.ts';
import type { WriteBatch } from './write-batch.ts';

/**
 * Where a connection to an upstream is.
 * - `connecting`: no byte has been exchanged.
 * - `idle`: between two exchanges, in its owner's stack.
 * - `head`, `body`: an exchange is on, and this part of the response is awaited.
 * - `switched`: after 101; the bytes are no longer HTTP.
 * - `closed`: nothing more will happen.
 */
export type UpstreamState = 'connecting' | 'idle' | 'head' | 'body' | 'switched' | 'closed';

/** Whose connection it is. */
export interface ConnectionOwner {
  /** It can serve another exchange. `keepMs`: how long the upstream said it keeps it, if it did. */
  connectionIdle(connection: UpstreamSide, keepMs: number | undefined): void;
  connectionClosed(connection: UpstreamSide): void;
}

/** Who keeps a connection for one client alone, because a login is bound to it. */
export interface ConnectionKeeper {
  /** It is idle: keep it for the client's next request, or close it. */
  keep(connection: UpstreamSide): void;
  /** It is closed, or will be after this exchange. */
  lost(connection: UpstreamSide): void;
}

export interface UpstreamConnectionOptions {
  readonly upstream: Upstream;
  readonly owner: ConnectionOwner;
  readonly clock: TurnClock;
  readonly batch: WriteBatch;
  readonly limits: Limits;
  readonly memory: ReadMemory;
}

/** What the response depends on of the request. */
export interface RequestFacts {
  readonly method: string;
  /** Whether it brings a login that is bound to its connection. */
  readonly bringsLogin: boolean;
  /** The protocols of the `Upgrade` field that is sent, in lower case; empty without one. */
  readonly offered: readonly string[];
  /** The request of the client for whom it is sent, whose share of the connections it takes. */
  readonly head?: RequestHead | undefined;
}
