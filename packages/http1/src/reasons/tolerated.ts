/** A form that the grammar does not have, or has for other places, and that everybody who reads it reads the same way. */
export interface ToleratedForm {
  readonly form: string;
  readonly in: 'requests' | 'responses' | 'both';
  /** What is done with it; nothing of the odd form is passed on. */
  readonly instead: string;
  /** Where it comes from, and what the standard and others say. */
  readonly why: string;
}

/** A stable name for a tolerated form. */
export type ToleratedName =
  | 'empty-line'
  | 'higher-minor-version'
  | 'raw-target'
  | 'empty-host'
  | 'odd-connection'
  | 'odd-upgrade'
  | 'expect-list'
  | 'zero-length'
  | 'missing-reason-space'
  | 'framing-without-body'
  | 'repeated-length'
  | 'interim-close'
  | 'chunk-blanks'
  | 'meaningless-trailer';

/** What is read though it is odd: the other side of `REASONS`. */
export const TOLERATED: Readonly<Record<ToleratedName, ToleratedForm>> = {
  'empty-line': {
    form: 'One empty line before a request line',
    in: 'requests',
    instead: 'It is skipped; a connection that has received nothing else is still idle.',
    why: 'Some clients send it after a body. RFC 9112, 2.2: SHOULD ignore; nginx, HAProxy and Node do.',
  },
  'higher-minor-version': {
    form: '`HTTP/1.2` to `HTTP/1.9`',
    in: 'both',
    instead: 'It is read as HTTP/1.1.',
    why: 'RFC 9110, 2.5: SHOULD; nginx, HAProxy and Go do.',
  },
  'raw-target': {
    form: '`|`, `^`, `"`, `<`, `>`, braces and backticks in a target; a backslash and a `%` that encodes nothing in a query',
    in: 'requests',
    instead: 'They are forwarded unchanged.',
    why: "Browsers leave them unencoded (URL Standard, percent-encode sets); nginx, HAProxy, Go and Node's server accept them.",
  },
  'empty-host': {
    form: 'An empty `Host`, or one with a colon and no port',
    in: 'requests',
    instead: 'The host is the address that the client connected to; the colon is dropped.',
    why: 'RFC 9112, 3.2 tells clients to send it when the target has no authority; HAProxy, Go and Node accept it.',
  },
  'odd-connection': {
    form: 'An element of `Connection` that is not a token',
    in: 'both',
    instead: 'It names no field; the connection closes after the message.',
    why: 'The message is the same to all; only nginx finds a `close` in `close;x`.',
  },
  'odd-upgrade': {
    form: 'An `Upgrade` that is not a list of protocols',
    in: 'both',
    instead: 'It offers nothing; if `Connection` names it, the connection closes after the message.',
    why: 'RFC 9110, 7.8: a server MAY ignore the field, and nginx does; Node takes any value as an offer.',
  },
  'expect-list': {
    form: 'An empty `Expect`, or `100-continue` more than once',
    in: 'requests',
    instead: 'It is read as the list that it is.',
    why: 'RFC 9110, 10.1.1: a list of expectations, here none or one.',
  },
  'zero-length': {
    form: '`Content-Length: 0` with TRACE or CONNECT',
    in: 'requests',
    instead: 'The request has no body, as it says.',
    why: 'All readings are the same.',
  },
  'missing-reason-space': {
    form: 'A status line that ends after the code',
    in: 'responses',
    instead: 'The reason is empty.',
    why: 'Many servers send it; nginx, HAProxy, Go and Node read it.',
  },
  'framing-without-body': {
    form: '`Content-Length` or `Transfer-Encoding` with any value in 1xx and 204, and contradictions between the two in 304 and in answers to HEAD',
    in: 'responses',
    instead:
      'They are dropped. After a contradiction, or after content that 1xx and 204 announce but cannot have, the connection is not used again.',
    why: 'RFC 9112, 6.3: such a response ends at its empty line regardless of its fields; nginx, HAProxy and Go deliver it.',
  },
  'repeated-length': {
    form: 'The same `Content-Length` more than once, in several fields or in a list',
    in: 'responses',
    instead: 'It is read once.',
    why: 'Frameworks and servers both add it. RFC 9110, 8.6: MAY; HAProxy and Go deliver it, and so does nginx for repeated fields.',
  },
  'interim-close': {
    form: 'A 1xx with `Connection: close`, or of HTTP/1.0',
    in: 'responses',
    instead: 'It is not the final response: the next head is read; the connection is not used again.',
    why: 'Simple servers send `HTTP/1.0 100 Continue`. RFC 9110, 15.2: a final response follows; HAProxy and Go deliver it.',
  },
  'chunk-blanks': {
    form: 'Blanks after a chunk size and around the parts of a chunk extension',
    in: 'responses',
    instead: 'They are dropped with the extensions.',
    why: 'Some servers pad the size. RFC 9112, 7.1.1: MUST parse bad white space; nginx, HAProxy and Go skip it.',
  },
  'meaningless-trailer': {
    form: 'A trailer that is only allowed in a head, such as `Content-Length`, `Host` or `Authorization`',
    in: 'both',
    instead: 'The field is dropped.',
    why: 'RFC 9110, 6.5.1: it must not be merged into the head, and the message is complete; nginx and Go drop it.',
  },
};
