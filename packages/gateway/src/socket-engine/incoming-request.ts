import type { Framing } from '@flotilla/http1';
import type { RequestHead } from '../headers/request-head.ts';

/** A request as the client's side of the engine has read it: its head, and what the head says of the body. */
export interface IncomingRequest {
  readonly head: RequestHead;
  /** `none`, `length` or `chunked`. */
  readonly framing: Framing;
  /** -1 unless the framing is `length`. */
  readonly contentLength: number;
  /** The client waits for 100 (Continue) before it sends the body. */
  readonly expectContinue: boolean;
  /** The protocols the client offers to switch to, of those that are let through: `websocket` or none. */
  readonly offered: readonly string[];
}
