import type { LimitedFailure } from '../../attempt/outcome.ts';
import type { UpstreamSlot } from '../../upstream/upstream.ts';
import type { AttemptSink } from './response-sink.ts';
import type { OutgoingRequest } from './upstream-side.ts';

/** What an attempt has until its stream is there. */
export interface Acquisition {
  /** Gives up. Whoever waited hears nothing more. */
  cancel(): void;
  /** The limit for which it has to wait, or had to for too long; undefined when no limit is what it waits for. */
  limitMet(): LimitedFailure | undefined;
}

/** The streams to one upstream. It is told what becomes of the upstream. */
export interface StreamPool extends UpstreamSlot {
  /** Open connections, idle ones included. */
  readonly size: number;
  /**
   * Gets a stream for one exchange; `attempt.onStream` is called with it, at once if that is possible.
   *
   * @param fresh on a connection of its own making: the last one was dead
   * @returns undefined when `attempt` has been told that there is none to be had
   */
  acquire(attempt: AttemptSink, request: OutgoingRequest, fresh: boolean): Acquisition | undefined;
  /** Closes the connection that has been idle for longest; false: none is idle. */
  closeIdle(): boolean;
  /** Cuts every connection, busy or not. */
  close(): void;
}
