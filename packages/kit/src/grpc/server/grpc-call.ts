import type { Logger } from '@flotilla/contracts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Metadata } from '../wire/metadata.ts';

/** A call as its handler sees it: whose it is, how long it may take, and what is sent beside its messages. */
export interface GrpcCall extends Omit<RequestContext, 'failureCode' | 'waits'> {
  /** `flotilla.users.v1.UserService/GetUser` */
  readonly method: string;
  /** What came beside the request. */
  readonly metadata: Metadata;
  /** Aborted when nobody waits for the answer any more: the caller is gone, or its deadline has passed. */
  readonly signal: AbortSignal;
  /** Aborted when the server drains. For handlers that answer with an endless stream: end it then. */
  readonly draining: AbortSignal;
  /** Milliseconds until the answer is due; undefined: there is no deadline. */
  leftMs(): number | undefined;
  /** The program's logger; each line has the call's ids. */
  readonly log: Logger;
  /**
   * Sends metadata before the answer. Throws a TypeError for a name or value that cannot be sent, and an Error once the first
   * message of the answer was sent.
   */
  setHeader(name: string, value: string): void;
  /** Sends metadata after the answer. Throws a TypeError for a name or value that cannot be sent. */
  setTrailer(name: string, value: string): void;
}
