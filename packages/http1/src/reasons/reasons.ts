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
    'White space or more than one empty line stands before the start line.',
    'Bytes that belong to no message: one side has counted a body otherwise. Before a request one empty line is read past, as RFC 9112, 2.2 asks; nginx, HAProxy and Node read past any number, Go past none on a new connection. Before an answer it answers nothing: nginx and Go refuse it.',
  ),
  'bad-method': row(
    400,
    'The method has a character that is not allowed in a token.',
    'Where the method ends is not sure. All peers refuse it.',
  ),
  'unknown-method': row(
    501,
    'The method is not one that is known here.',
    "Node's parser, which most services here run on, ends the connection at it: 501 says more. nginx, HAProxy and Go pass on any token, also `get`, which some take for GET.",
  ),
  'bad-request-line': row(
    400,
    'The request line must be: method, one space, target, one space, version.',
    'Split at each space, the target is empty; nginx, HAProxy and Node take several spaces for one, Go refuses.',
  ),
  'bad-target': row(
    400,
    'The request target has a character that it cannot have, or no valid form.',
    'White space and controls end the line for some. A backslash in a path is a slash to browsers and some servers; bytes beyond ASCII are UTF-8 to some and Latin-1 to others (HAProxy and Node refuse, nginx and Go pass on).',
  ),
  'bad-percent-encoding': row(
    400,
    'A percent sign in the path is not followed by two hexadecimal digits.',
    'Routes match the decoded path, and decoders differ on what this decodes to: nginx and Go refuse, HAProxy and Node pass it on. In a query, which nobody routes by, it is passed on.',
  ),
  'target-fragment': row(
    400,
    'The request target has a fragment (#).',
    'nginx cuts it off when it looks for the path, Go encodes it, Node keeps it, HAProxy refuses.',
  ),
  'target-userinfo': row(
    400,
    'The authority of the request target has user information (@).',
    '`a@b` is host b to some and host a to others; nginx refuses, HAProxy, Go and Node accept.',
  ),
  'target-too-long': row(414, 'The request target is too long.', 'A limit, so that a client cannot make us keep more.'),
  'bad-target-form': row(
    400,
    'The form of the request target does not fit the method.',
    'A target without a slash, `*` without OPTIONS or another scheme: nginx drops the scheme, HAProxy keeps it, Go makes `/%2A` of `*`.',
  ),
  'http-0-9': row(
    505,
    'The request line has no version; HTTP/0.9 is not supported.',
    'What follows is fields to some; to others the request has ended.',
  ),
  'bad-version': row(
    400,
    'The version must be written HTTP/1.0 or HTTP/1.1.',
    'It may be the end of a target with a space, or another protocol. nginx reads `HTTP/1.10` as 1.1, the others refuse.',
  ),
  'unsupported-version': row(
    505,
    'Only HTTP/1 is supported.',
    'Another major version may mean anything. nginx and Go refuse HTTP/2.0 in a request line, HAProxy and Node read it. HTTP/1.2 and higher are read as 1.1.',
  ),
  'bad-status-line': row(
    400,
    'The status line must be: version, one space, three digits, one space, reason.',
    'Split at each space, the status is missing or another one; Node refuses.',
  ),
  'bad-status': row(
    400,
    'The status code is not between 100 and 599.',
    'Below 100 some wait for another answer and some do not. From 600 on it is as a 5xx (RFC 9110, 15), which the 502 is; nginx, HAProxy and Go pass it on, HTTP/2 of Node cannot.',
  ),
  'bad-reason-phrase': row(
    400,
    'The reason phrase has a control character.',
    'Some end the line at a NUL. nginx and HAProxy pass it on, Go writes another phrase.',
  ),
  // Lines and fields
  'bare-cr': row(
    400,
    'A carriage return is not followed by a line feed.',
    'A line end to some, part of the value to others. All peers refuse it.',
  ),
  'bare-lf': row(
    400,
    'A line feed has no carriage return before it.',
    'nginx, HAProxy and Go end the line here; Node refuses, and others read on to the next CRLF.',
  ),
  'whitespace-before-first-field': row(
    400,
    'White space stands before the first field.',
    'Part of the start line to some, a field to others, passed over by the rest.',
  ),
  'obs-fold': row(
    400,
    'A field is continued on the next line.',
    'One value to HAProxy and Go, another field to some; nginx and Node refuse.',
  ),
  'bad-field-name': row(
    400,
    'A field name has a character that is not allowed in a token.',
    'nginx drops or keeps the field, depending on the direction; the others refuse.',
  ),
  'empty-field-name': row(400, 'A field has no name.', 'All peers refuse it.'),
  'missing-colon': row(
    400,
    'A field line has no colon.',
    'A field without value to nginx, the end of the fields to some; the others refuse.',
  ),
  'space-before-colon': row(
    400,
    'White space stands between a field name and its colon.',
    '`Content-Length :` is the length to some and an unknown field to others. RFC 9112, 5.1 wants a 400; in answers nginx, HAProxy and Node refuse it too.',
  ),
  'underscore-in-field-name': row(
    400,
    'A field name has an underscore, which some programs read as a hyphen.',
    '`X_Forwarded_For` is `X-Forwarded-For` to all that make variables of names. The gateway drops such a field of a request, as nginx does.',
  ),
  'bad-field-value': row(
    400,
    'A field value has a control character.',
    'Some end the value at a NUL. Go and Node refuse every control character, nginx and HAProxy pass most on to services that refuse.',
  ),
  'field-line-too-long': row(431, 'A field line is too long.', 'A limit, so that a peer cannot make us keep more.'),
  'too-many-fields': row(431, 'There are too many fields.', 'A limit, so that a peer cannot make us keep more.'),
  'head-too-large': row(
    431,
    'The head of the message is too large.',
    'A limit, so that a peer cannot make us keep more.',
  ),
  // Routing
  'missing-host': row(
    400,
    'An HTTP/1.1 request must have a Host field.',
    'Each program on the way would fill in a host of its own. RFC 9112, 3.2 wants a 400; HAProxy passes it on.',
  ),
  'repeated-host': row(
    400,
    'The Host field is repeated.',
    'Some take the first, some the last. RFC 9112, 3.2 wants a 400; Node keeps both.',
  ),
  'bad-host': row(
    400,
    'The host is not a name or address with an optional port.',
    'A list, a path, user information or an encoding in it names one host to some and another to the rest; Go drops a zone on the way. An empty value is the address connected to, and a colon without a port is dropped.',
  ),
  'bad-connection': row(
    400,
    'The message has a field that speaks of an HTTP/1 connection.',
    'In HTTP/2 only, where the field means nothing, and something again after a translation (RFC 9113, 8.2.2).',
  ),
  // Framing
  'length-and-transfer-encoding': row(
    400,
    'Content-Length and Transfer-Encoding are both present.',
    'Two ends of one message: the form of request smuggling. nginx refuses in requests, Node always; HAProxy and Go take the coding.',
  ),
  'repeated-content-length': row(
    400,
    'The Content-Length field is repeated.',
    'Some take the first, some the last. With the same number each time it has one reading; an answer is delivered then. No client sends it, and nginx and Node refuse it in requests.',
  ),
  'bad-content-length': row(
    400,
    'Content-Length must be a plain decimal number without sign, space or leading zero.',
    '`010` is ten or eight, `+5` and `5, 6` are 5 or nothing, and an empty value is no length to Go and an error to the rest.',
  ),
  'content-length-overflow': row(
    400,
    'Content-Length is too large a number.',
    'Another number where fewer bits are kept.',
  ),
  'repeated-transfer-encoding': row(
    400,
    'The Transfer-Encoding field is repeated.',
    'Chunked once to nginx and Node, twice by the letter of RFC 9112, 6.1; HAProxy and Go refuse.',
  ),
  'bad-transfer-encoding': row(
    501,
    'The only transfer coding that is supported is chunked, once.',
    'Whoever does not know the coding, or does not see it for a tab or a comma, finds another end of the body.',
  ),
  'transfer-encoding-in-http-1-0': row(
    400,
    'HTTP/1.0 has no Transfer-Encoding.',
    'Go takes the chunks for content or for nothing, nginx and Node decode them.',
  ),
  'body-not-allowed': row(
    400,
    'The request must not have a body, but declares one.',
    'TRACE has no body, and what follows CONNECT is the tunnel: some read the declared bytes as the next request. A length of zero is let through.',
  ),
  'interim-heads-too-large': row(
    400,
    'There are too many informational responses before the final one.',
    'A limit, so that an upstream cannot send without end before it answers.',
  ),
  'unexpected-switch': row(
    400,
    'The protocol was switched without a request to do so.',
    'What follows is another protocol to the upstream and the next answer to everybody else.',
  ),
  'bad-switch': row(
    400,
    'The protocol was switched to one that was not offered.',
    'The same: the two ends would speak different protocols.',
  ),
  // Body
  'bad-chunk-size': row(
    400,
    'The size of a chunk is not a plain hexadecimal number.',
    '`0x2` is two or zero, `+2` two or nothing. A blank after the size is read past in answers, where some servers pad it; no client does, and Node refuses it.',
  ),
  'chunk-size-too-long': row(
    400,
    'The size of a chunk has too many digits.',
    'Another number where fewer bits are kept.',
  ),
  'chunk-size-overflow': row(
    400,
    'The size of a chunk is too large a number.',
    'Another number where fewer bits are kept.',
  ),
  'bad-chunk-extension': row(
    400,
    'A chunk extension is malformed.',
    'Where the line ends is read differently inside quotes and without; nginx, HAProxy and Go skip to a line feed, Node refuses.',
  ),
  'chunk-extensions-too-large': row(
    400,
    'The chunk extensions of the body are too large.',
    'A limit, since they are work and no content.',
  ),
  'bad-chunk-end': row(
    400,
    'The data of a chunk is not followed by a line end.',
    'The size and the data contradict each other.',
  ),
  'body-too-large': row(413, 'The body is too large.', 'A limit that a route sets.'),
  'trailers-too-large': row(
    431,
    'The trailer section is too large.',
    'A limit, so that a peer cannot make us keep more.',
  ),
};
