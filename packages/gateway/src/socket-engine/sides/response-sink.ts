import type { ResponseHead } from '@flotilla/http1';
import type { Outcome } from '../../attempt/outcome.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { UpstreamSide } from './upstream-side.ts';

/** How an attempt failed: every outcome that is not a response. */
export type AttemptFailure = Exclude<Outcome, { kind: 'response' }>;

/**
 * Who waits for the answer of one attempt. Exactly one of `onEnd`, `onSwitch` and `onFailure` ends it; nothing is
 * called after that. All calls are synchronous, from within the connection's read.
 */
export interface ResponseSink {
  /** The request may be written: the connection stands and is this attempt's alone. */
  onConnection(connection: UpstreamSide): void;
  /** A 1xx other than 101. */
  onInterim(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  /**
   * Part of the body.
   *
   * @param lent the memory is only lent for the call; else it may be kept
   * @returns whether it is kept: nothing is read into it any more. Whoever keeps it must not end the connection within
   * the call.
   */
  onBody(chunk: Buffer, start: number, end: number, lent: boolean): boolean;
  /** All that one read brought has been handed over: a good moment to write. */
  onReadEnd(): void;
  /** All that was written has left: go on writing if {@link RequestWriter.backedUp} made you stop. */
  onWritable(): void;
  /** The response is complete; the connection has gone back to its pool or is closed. */
  onEnd(trailers: HeaderList): void;
  /** 101: the connection is the sink's now, with `rest` as what came after the head. */
  onSwitch(head: ResponseHead, connection: UpstreamSide, rest: Buffer): void;
  onFailure(failure: AttemptFailure): void;
  /** The upstream was found not to be well before it has answered a byte. The sink may give up, or wait on. */
  onSetAside(): void;
}
