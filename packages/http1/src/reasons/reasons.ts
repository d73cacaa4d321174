import type { Reason } from './reason.ts';

export type { Reason };

/** A row of the table of refusals. */
export interface ReasonRow {
  /** For a client that sent such a message. An upstream's answer that is refused is always a 502. */
  readonly status: 400 | 413 | 414 | 431 | 501 | 505;
  /** One plain sentence for the log and the answer. */
  readonly detail: string;
  /**
   * Why it is refused and not read or repaired: how else a program on the way reads it, or what it would cost. What has one
   * reading only is no reason: see `TOLERATED`.
   */
  readonly why: string;
}

const row = (status: ReasonRow['status'], detail: string, why: string): ReasonRow => ({ status, detail, why });

/**
 * Every way to refuse a message. The names are stable: they appear in logs and metrics. `docs/http1.md` is made of it, with what
 * is tolerated instead.
 */
export const REASONS: Readonly<Record<Reason, ReasonRow>> = {
  // Start line
  'whitespace-before-start-line': row(
    400,
    'There is white space or more than one empty line before the start line.',
    'The bytes belong to no message: one side has counted a body differently. Before a request, one empty line is skipped, as RFC 9112, 2.2 asks; nginx, HAProxy and Node skip any number, Go skips none on a new connection. An empty line before an answer answers nothing: nginx and Go refuse it.',
  ),
  'bad-method': row(
    400,
    'The method contains a character that is not allowed in a token.',
    'It is unclear where the method ends. All peers refuse it.',
  ),
  'unknown-method': row(
    501,
    'The method is unknown.',
    "Node's parser, which most services here use, closes the connection: 501 says more. nginx, HAProxy and Go forward any token, even `get`, which some read as GET.",
  ),
  'bad-request-line': row(
    400,
    'The request line must be: method, one space, target, one space, version.',
    'Split at each space, the target is empty; nginx, HAProxy and Node read several spaces as one, Go refuses.',
  ),
  'bad-target': row(
    400,
    'The request target contains a character that is not allowed there, or has no valid form.',
    'Some end the line at white space and control characters. A backslash in a path is a slash to browsers and some servers; bytes beyond ASCII are UTF-8 to some and Latin-1 to others (HAProxy and Node refuse, nginx and Go forward).',
  ),
  'bad-percent-encoding': row(
    400,
    'A percent sign in the path is not followed by two hexadecimal digits.',
    'Routes match the decoded path, and decoders disagree about this: nginx and Go refuse, HAProxy and Node forward it. In a query, which is not used for routing, it is forwarded.',
  ),
  'target-fragment': row(
    400,
    'The request target has a fragment (#).',
    'nginx cuts it off to find the path, Go encodes it, Node keeps it, HAProxy refuses.',
  ),
  'target-userinfo': row(
    400,
    'The authority of the request target has user information (@).',
    '`a@b` is host b to some and host a to others; nginx refuses, HAProxy, Go and Node accept.',
  ),
  'target-too-long': row(
    414,
    'The request target is too long.',
    'A limit, so that a client cannot make the gateway store more.',
  ),
  'bad-target-form': row(
    400,
    'The form of the request target does not fit the method.',
    'A target without a slash, `*` without OPTIONS, or another scheme: nginx drops the scheme, HAProxy keeps it, Go turns `*` into `/%2A`.',
  ),
  'http-0-9': row(
    505,
    'The request line has no version; HTTP/0.9 is not supported.',
    'To some, fields follow; to others, the request has ended.',
  ),
  'bad-version': row(
    400,
    'The version must be written HTTP/1.0 or HTTP/1.1.',
    'It may be the end of a target with a space, or another protocol. nginx reads `HTTP/1.10` as 1.1; the others refuse.',
  ),
  'unsupported-version': row(
    505,
    'Only HTTP/1 is supported.',
    'Another major version may mean anything. nginx and Go refuse HTTP/2.0 in a request line, HAProxy and Node read it. HTTP/1.2 and higher are read as 1.1.',
  ),
  'bad-status-line': row(
    400,
    'The status line must be: version, one space, three digits, one space, reason.',
    'Split at each space, the status is missing or different; Node refuses.',
  ),
  'bad-status': row(
    400,
    'The status code is not between 100 and 599.',
    'Below 100, some wait for another answer and some do not. From 600 on it counts as a 5xx (RFC 9110, 15), as the 502 does; nginx, HAProxy and Go forward it, HTTP/2 of Node cannot.',
  ),
  'bad-reason-phrase': row(
    400,
    'The reason phrase contains a control character.',
    'Some end the line at a NUL. nginx and HAProxy forward it, Go writes another phrase.',
  ),
  // Lines and fields
  'bare-cr': row(
    400,
    'A carriage return is not followed by a line feed.',
    'The end of a line to some, part of the value to others. All peers refuse it.',
  ),
  'bare-lf': row(
    400,
    'A line feed has no carriage return before it.',
    'nginx, HAProxy and Go end the line here; Node refuses, and others read on to the next CRLF.',
  ),
  'whitespace-before-first-field': row(
    400,
    'There is white space before the first field.',
    'Part of the start line to some, a field to others; the rest ignore it.',
  ),
  'obs-fold': row(
    400,
    'A field is continued on the next line.',
    'One value to HAProxy and Go, another field to some; nginx and Node refuse.',
  ),
  'bad-field-name': row(
    400,
    'A field name contains a character that is not allowed in a token.',
    'nginx drops or keeps the field, depending on the direction; the others refuse.',
  ),
  'empty-field-name': row(400, 'A field has no name.', 'All peers refuse it.'),
  'missing-colon': row(
    400,
    'A field line has no colon.',
    'A field without a value to nginx, the end of the fields to some; the others refuse.',
  ),
  'space-before-colon': row(
    400,
    'There is white space between a field name and its colon.',
    '`Content-Length :` is the length to some and an unknown field to others. RFC 9112, 5.1 demands a 400; in answers, nginx, HAProxy and Node refuse it too.',
  ),
  'underscore-in-field-name': row(
    400,
    'A field name contains an underscore, which some programs read as a hyphen.',
    '`X_Forwarded_For` is `X-Forwarded-For` to every program that turns names into variables. The gateway drops such a field from a request, as nginx does.',
  ),
  'bad-field-value': row(
    400,
    'A field value contains a control character.',
    'Some end the value at a NUL. Go and Node refuse every control character; nginx and HAProxy forward most to services, which refuse them.',
  ),
  'field-line-too-long': row(
    431,
    'A field line is too long.',
    'A limit, so that a peer cannot make the gateway store more.',
  ),
  'too-many-fields': row(
    431,
    'There are too many fields.',
    'A limit, so that a peer cannot make the gateway store more.',
  ),
  'head-too-large': row(
    431,
    'The head of the message is too large.',
    'A limit, so that a peer cannot make the gateway store more.',
  ),
  // Routing
  'missing-host': row(
    400,
    'An HTTP/1.1 request must have a Host field.',
    'Each program on the way would fill in its own host. RFC 9112, 3.2 demands a 400; HAProxy forwards it.',
  ),
  'repeated-host': row(
    400,
    'The Host field is repeated.',
    'Some use the first, some the last. RFC 9112, 3.2 demands a 400; Node keeps both.',
  ),
  'bad-host': row(
    400,
    'The host is not a name or address with an optional port.',
    'A list, a path, user information or an encoding in it names one host to some and another to the rest; Go drops a zone. An empty value means the address of the connection; a colon without a port is dropped.',
  ),
  'bad-connection': row(
    400,
    'The message has a field that only applies to an HTTP/1 connection.',
    'In HTTP/2 only, where the field means nothing, but means something again after a translation (RFC 9113, 8.2.2).',
  ),
  // Framing
  'length-and-transfer-encoding': row(
    400,
    'Content-Length and Transfer-Encoding are both present.',
    'Two ends of one message: this is request smuggling. nginx refuses it in requests, Node always; HAProxy and Go use the coding.',
  ),
  'repeated-content-length': row(
    400,
    'The Content-Length field is repeated.',
    'Some use the first, some the last. The same number each time has one reading: an answer is then delivered. Clients never send it, and nginx and Node refuse it in requests.',
  ),
  'bad-content-length': row(
    400,
    'Content-Length must be a plain decimal number without sign, space or leading zero.',
    '`010` is ten or eight, `+5` and `5, 6` are 5 or nothing, and an empty value is no length to Go and an error to the rest.',
  ),
  'content-length-overflow': row(
    400,
    'The number in Content-Length is too large.',
    'It is a different number wherever fewer bits are stored.',
  ),
  'repeated-transfer-encoding': row(
    400,
    'The Transfer-Encoding field is repeated.',
    'Chunked once to nginx and Node, twice according to RFC 9112, 6.1; HAProxy and Go refuse.',
  ),
  'bad-transfer-encoding': row(
    501,
    'The only supported transfer coding is chunked, once.',
    'A program that does not know the coding, or misses it because of a tab or a comma, sees another end of the body.',
  ),
  'transfer-encoding-in-http-1-0': row(
    400,
    'HTTP/1.0 has no Transfer-Encoding.',
    'Go reads the chunks as content or not at all, nginx and Node decode them.',
  ),
  'body-not-allowed': row(
    400,
    'The request must not have a body, but declares one.',
    'TRACE has no body, and what follows CONNECT is the tunnel: some read the declared bytes as the next request. A length of zero is accepted.',
  ),
  'interim-heads-too-large': row(
    400,
    'There are too many informational responses before the final one.',
    'A limit, so that an upstream cannot send without end before it answers.',
  ),
  'unexpected-switch': row(
    400,
    'The protocol was switched without a request to do so.',
    'What follows is another protocol to the upstream, and the next answer to everybody else.',
  ),
  'bad-switch': row(
    400,
    'The protocol was switched to one that was not offered.',
    'For the same reason: the two ends would speak different protocols.',
  ),
  // Body
  'bad-chunk-size': row(
    400,
    'The size of a chunk is not a plain hexadecimal number.',
    '`0x2` is two or zero, `+2` two or nothing. A blank after the size is skipped in answers, where some servers add it; clients do not, and Node refuses it.',
  ),
  'chunk-size-too-long': row(
    400,
    'The size of a chunk has too many digits.',
    'It is a different number wherever fewer bits are stored.',
  ),
  'chunk-size-overflow': row(
    400,
    'The size of a chunk is too large a number.',
    'It is a different number wherever fewer bits are stored.',
  ),
  'bad-chunk-extension': row(
    400,
    'A chunk extension is malformed.',
    'Programs disagree about the end of the line inside quotes; nginx, HAProxy and Go skip to a line feed, Node refuses.',
  ),
  'chunk-extensions-too-large': row(
    400,
    'The chunk extensions of the body are too large.',
    'A limit, since they cost work and carry no content.',
  ),
  'bad-chunk-end': row(
    400,
    'The data of a chunk is not followed by the end of a line.',
    'The size and the data contradict each other.',
  ),
  'body-too-large': row(413, 'The body is too large.', 'A limit of the route.'),
  'trailers-too-large': row(
    431,
    'The trailer section is too large.',
    'A limit, so that a peer cannot make the gateway store more.',
  ),
};
