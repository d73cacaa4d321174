import type { FieldList } from '../fields/field-list.ts';
import type { Framing } from './framing.ts';
import type { TargetForm } from './target.ts';

/** A request head that follows the grammar of RFC 9112. The strings and lists belong to the receiver; none is reused. */
export interface ParsedRequestHead {
  /** One of the known methods; a shared string, so that `===` is cheap. */
  readonly method: string;
  /** The request target exactly as received. */
  readonly target: string;
  readonly form: TargetForm;
  /** Path and query as received; `/` or `*` for an absolute target without path, empty for CONNECT. Never rewritten. */
  readonly pathAndQuery: string;
  /** `http` or `https` of an absolute target, else empty. */
  readonly scheme: string;
  /**
   * The host that the request is for: the authority of an absolute target, else the value of Host, as received but for a
   * colon without a port. Empty when Host is, or in HTTP/1.0 without one: the request is for the address it came to.
   */
  readonly host: string;
  /** 1 for HTTP/1.1, 0 for HTTP/1.0. */
  readonly minor: 0 | 1;
  /** `[name, value, …]` in the order and case received. */
  readonly fields: FieldList;
  /** The table id of each name, see `fieldNameId` and `lowerNameAt`; 0 for a name of no table. */
  readonly ids: readonly number[];
  /** `none`, `length` (also for a length of 0) or `chunked`. */
  readonly framing: Framing;
  /** The value of Content-Length, -1 without one. */
  readonly contentLength: number;
  /** Whether the client allows another request on this connection. */
  readonly keepAlive: boolean;
  /** The lower-cased options of Connection; they name fields that end at this hop. */
  readonly connection: readonly string[];
  /** Lower-cased protocols the client offers; empty without `Connection: upgrade` and in HTTP/1.0, which must be ignored. */
  readonly upgrade: readonly string[];
  /** The client waits for 100 (Continue) before it sends the body. False for a request without body and in HTTP/1.0. */
  readonly expectContinue: boolean;
  /** An expectation that is not `100-continue`: answer 417 (RFC 9110 section 10.1.1). */
  readonly unknownExpectation: boolean;
  /** The client announces trailers for its chunked body. */
  readonly announcesTrailers: boolean;
}
