import type { Clock, Endpoint } from '@flotilla/contracts';
import { pause } from '@flotilla/contracts/time';
import type { SnapshotSource } from './snapshot-source.ts';

/** What there is of a service, and how to go on. */
export interface AskedList<Cursor> {
  /** See `FollowRequest.onEndpoints`. */
  readonly endpoints: readonly Endpoint[];
  /** See `FollowRequest.onEndpoints`. Default `fresh`. */
  readonly state?: 'fresh' | 'stale';
  /** When to ask again, in milliseconds: a period, or what a time to live leaves. 0 where the question itself waits for news. */
  readonly againAfterMs: number;
  /** What the next question goes on from: an index, what was read last. */
  readonly cursor: Cursor;
}

/** What can be asked for all endpoints of a service. */
export interface Asking<Cursor> {
  readonly clock: Clock;
  /**
   * Asks once, with a deadline of its own. Rejects when it can't know; then the next question has no `last`.
   *
   * @param last the cursor of the answer before; undefined for the first question
   */
  ask(service: string, last: Cursor | undefined, signal: AbortSignal): Promise<AskedList<Cursor>>;
  /** Frees connections. */
  close?(): void;
}

/** Questions about one service begin at least so far apart: one that should wait for news and does not makes no storm. */
const leastMs = 100;

/** The source over questions that are asked again and again: DNS, a file, a blocking query. */
export function askingSource<Cursor>({ clock, ask, close }: Asking<Cursor>): SnapshotSource {
  return {
    // Each question has its deadline.
    silenceLimitMs: undefined,
    async follow({ service, onEndpoints, signal }) {
      let last: Cursor | undefined;
      while (!signal.aborted) {
        const startMs = clock.monotonicMs();
        const { endpoints, state, againAfterMs, cursor } = await ask(service, last, signal);
        last = cursor;
        onEndpoints(endpoints, state);
        const tookMs = clock.monotonicMs() - startMs;
        const waitMs = Math.max(againAfterMs, leastMs - tookMs);
        if (waitMs > 0) await pause(clock, waitMs, signal);
      }
    },
    close: () => close?.(),
  };
}
