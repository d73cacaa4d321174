import type { Outcome } from '../../attempt/outcome.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { ReceivedFields } from '../../headers/response-fields.ts';
import type { UpstreamSide } from './upstream-side.ts';

/** How an attempt failed: every outcome that is not a response. */
export type AttemptFailure = Exclude<Outcome, { kind: 'response' }>;

/** The head of an upstream's answer, whichever protocol it came in. */
export interface ReceivedHead extends ReceivedFields {
  readonly status: number;
  /** Often empty; HTTP/2 has none. */
  readonly reasonPhrase: string;
  /** Whether a body follows, be it empty: not to HEAD, nor after 1xx, 204 and 304. */
  readonly hasBody: boolean;
  /** -1 when it is not known. Without a body it is the length that a GET would have had. */
  readonly contentLength: number;
  /** The lower-cased protocols that a 101 switches to; empty otherwise. */
  readonly upgrade: readonly string[];
}

/** Whom the answer of an attempt goes to, piece by piece. All calls are synchronous, from within the connection's read. */
export interface ResponseSink {
  /** A 1xx other than 101. */
  onInterim(head: ReceivedHead): void;
  onHead(head: ReceivedHead): void;
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
  /** All that was sent has left: go on if {@link UpstreamSide.backedUp} made you stop. */
  onWritable(): void;
  /** 101: the stream is the sink's now, with `rest` as what came after the head. The attempt lasts as long as it does. */
  onSwitch(head: ReceivedHead, stream: UpstreamSide, rest: Buffer): void;
}

/**
 * Whose attempt it is: hears how it goes, and has the sink that the answer goes to. Either `onEnd` or `onFailure` ends it,
 * or what its sink makes of a 101; neither it nor the sink is called after that.
 */
export interface AttemptSink {
  readonly response: ResponseSink;
  /** The request may be sent: the stream is this attempt's alone. */
  onStream(stream: UpstreamSide): void;
  /** The response, which has this status, is complete; the stream is nobody's any more. */
  onEnd(status: number, trailers: HeaderList): void;
  onFailure(failure: AttemptFailure): void;
  /** The upstream was found not to be well before it has answered a byte. The attempt may be given up, or wait on. */
  onSetAside(): void;
}
