import type { Limits } from '@flotilla/http1';
import type { Upstream } from '../../upstream/upstream.ts';
import type { ReadMemory } from '../memory/read-memory.ts';
import type { WriteBatch } from '../memory/write-batch.ts';
import type { UpstreamSide } from '../sides/upstream-side.ts';
import type { TurnClock } from '../time/turn-clock.ts';

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

export interface UpstreamConnectionOptions {
  readonly upstream: Upstream;
  readonly owner: ConnectionOwner;
  readonly clock: TurnClock;
  readonly batch: WriteBatch;
  readonly limits: Limits;
  readonly memory: ReadMemory;
}
