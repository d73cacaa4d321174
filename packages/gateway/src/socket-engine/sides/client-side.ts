import type { ClientLoss } from '../../exchange/exchange-record.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { OwnConnectionsHolder } from './own-connections.ts';
import type { TunnelEnd, TunnelSide } from './tunnel-side.ts';

/** The start of an answer, without the fields of framing and connection, which each protocol has its own way for. */
export interface AnswerHead {
  readonly status: number;
  /** Empty: the usual phrase of the status. */
  readonly reasonPhrase: string;
  readonly fields: HeaderList;
  /** -1 when it is not known. Without a body it is still told: the length a GET would have had. */
  readonly contentLength: number;
  readonly hasBody: boolean;
}

/** The client of one exchange: over HTTP/1 a connection for a while, over HTTP/2 a stream. */
export interface ClientSide extends OwnConnectionsHolder {
  /** Passes a 1xx on, if the client's protocol knows them. */
  sendInterim(status: number, fields: HeaderList): void;
  /**
   * Begins an answer.
   *
   * @returns false: another has been given in its place, as a whole. Nothing more of this one is to be sent, and whoever
   * makes it may stop.
   */
  sendHead(head: AnswerHead): boolean;
  /**
   * Part of the body.
   *
   * @param lent the memory is only lent for the call; else it may be kept
   * @returns whether it is kept
   */
  sendBody(chunk: Buffer, start: number, end: number, lent: boolean): boolean;
  /** Takes back what was sent since the last flush: all of the answer, which another will replace. */
  discard(): void;
  /** Hands all that was sent to the system. False: the client is slow; wait for `RequestSink.onClientWritable`. */
  flush(): boolean;
  /** Whether the client is so slow that nothing more should be sent before `RequestSink.onClientWritable`. */
  readonly backedUp: boolean;
  /** What was sent and has not left yet: while it shrinks, the client takes something. */
  readonly unsentBytes: number;
  /** The answer is complete. */
  sendEnd(trailers: HeaderList): void;
  /** Ends a half-finished answer in a way that the client can't take for its end. */
  cut(): void;
  /** Stops the body of the request from arriving until {@link resumeBody}. */
  pauseBody(): void;
  resumeBody(): void;
  /** Calls `RequestSink.onDeadline` once, `delayMs` from now, instead of what was set before. */
  setDeadline(delayMs: number): void;
  /** The exchange is over, its record handed in: the client may send the next request. */
  exchangeDone(): void;
  /** Answers 101 and becomes one end of a tunnel: what comes from the client goes to `peer`. HTTP/1.1 only. */
  switchProtocol(fields: HeaderList, peer: TunnelEnd): TunnelSide;
}

/** What happens on the client's side, told to the exchange that serves its request. */
export interface RequestSink {
  /** All that came with the head has been handed over: begin. */
  start(): void;
  /** Part of the request's body. The memory may be kept. */
  onRequestBody(bytes: Buffer): void;
  onRequestEnd(trailers: HeaderList): void;
  /** The request's body breaks a rule: `reason` names it. */
  onRequestInvalid(status: number, reason: string, detail: string): void;
  /** The client took what was sent. */
  onClientWritable(): void;
  /** The client can't be reached any more, because of `loss`. */
  onClientGone(loss: ClientLoss): void;
  onDeadline(): void;
}
