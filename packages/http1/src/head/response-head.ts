import type { FieldList } from '../fields/field-list.ts';
import type { Framing } from './framing.ts';

/** A response head that follows the grammar of RFC 9112. */
export interface ParsedResponseHead {
  /** 100 to 599. */
  readonly status: number;
  /** The reason phrase as received, often empty. */
  readonly reasonPhrase: string;
  /** 1 for HTTP/1.1, 0 for HTTP/1.0. */
  readonly minor: 0 | 1;
  /** `[name, value, …]` in the order and case received. */
  readonly fields: FieldList;
  /** The table id of each name, see `fieldNameId` and `lowerNameAt`; 0 for a name of no table. */
  readonly ids: readonly number[];
  /** A 1xx: the final response to the same request is still to come. 101 is final for HTTP. */
  readonly informational: boolean;
  /** How the body of this response is framed: `none` for HEAD, 1xx, 204 and 304 whatever the fields say. */
  readonly framing: Framing;
  /** Whether a body follows, be it empty: whether it is framed at all. */
  readonly hasBody: boolean;
  /** The value of Content-Length, -1 without one. To HEAD and in 304 it tells a length that does not follow. */
  readonly contentLength: number;
  /** Whether the upstream allows another request on this connection; never with `until-close` and after 101. */
  readonly keepAlive: boolean;
  /** The lower-cased options of Connection; they name fields that end at this hop. */
  readonly connection: readonly string[];
  /** The lower-cased protocols that a 101 switches to; empty otherwise. */
  readonly upgrade: readonly string[];
  /** Trailers are announced for the chunked body. */
  readonly announcesTrailers: boolean;
}
