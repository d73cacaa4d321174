/** A row of the table: the status for a client that sent such a message and one plain sentence. */
export interface ReasonRow {
  readonly status: 400 | 413 | 414 | 431 | 501 | 505;
  readonly detail: string;
}

const row = (status: ReasonRow['status'], detail: string): ReasonRow => ({ status, detail });

/** A stable name for why a message was refused. */
export type Reason =
  | 'whitespace-before-start-line'
  | 'bad-method'
  | 'unknown-method'
  | 'bad-request-line'
  | 'bad-target'
  | 'bad-percent-encoding'
  | 'target-fragment'
  | 'target-userinfo'
  | 'target-too-long'
  | 'bad-target-form'
  | 'http-0-9'
  | 'bad-version'
  | 'unsupported-version'
  | 'bad-status-line'
  | 'bad-status'
  | 'bad-reason-phrase'
  | 'bare-cr'
  | 'bare-lf'
  | 'whitespace-before-first-field'
  | 'obs-fold'
  | 'bad-field-name'
  | 'empty-field-name'
  | 'missing-colon'
  | 'space-before-colon'
  | 'underscore-in-field-name'
  | 'bad-field-value'
  | 'field-line-too-long'
  | 'too-many-fields'
  | 'head-too-large'
  | 'missing-host'
  | 'repeated-host'
  | 'bad-host'
  | 'bad-connection'
  | 'bad-upgrade'
  | 'length-and-transfer-encoding'
  | 'repeated-content-length'
  | 'bad-content-length'
  | 'content-length-overflow'
  | 'repeated-transfer-encoding'
  | 'bad-transfer-encoding'
  | 'transfer-encoding-in-http-1-0'
  | 'body-not-allowed'
  | 'close-before-final-response'
  | 'unexpected-switch'
  | 'bad-switch'
  | 'bad-chunk-size'
  | 'chunk-size-too-long'
  | 'chunk-size-overflow'
  | 'bad-chunk-extension'
  | 'chunk-extensions-too-large'
  | 'bad-chunk-end'
  | 'body-too-large'
  | 'forbidden-trailer'
  | 'trailers-too-large';

/** Every way to refuse a message. The names are stable: they appear in logs and metrics. */
export const REASONS: Readonly<Record<Reason, ReasonRow>> = {
  // Start line
  'whitespace-before-start-line': row(400, 'White space or an empty line stands before the start line.'),
  'bad-method': row(400, 'The method has a character that is not allowed in a token.'),
  'unknown-method': row(501, 'The method is not one that is known here.'),
  'bad-request-line': row(400, 'The request line must be: method, one space, target, one space, version.'),
  'bad-target': row(400, 'The request target has a character that a URI cannot have, or no valid form.'),
  'bad-percent-encoding': row(400, 'A percent sign in the request target is not followed by two hexadecimal digits.'),
  'target-fragment': row(400, 'The request target has a fragment (#).'),
  'target-userinfo': row(400, 'The authority of the request target has user information (@).'),
  'target-too-long': row(414, 'The request target is too long.'),
  'bad-target-form': row(400, 'The form of the request target does not fit the method.'),
  'http-0-9': row(505, 'The request line has no version; HTTP/0.9 is not supported.'),
  'bad-version': row(400, 'The version must be written HTTP/1.0 or HTTP/1.1.'),
  'unsupported-version': row(505, 'Only HTTP/1.0 and HTTP/1.1 are supported.'),
  'bad-status-line': row(400, 'The status line must be: version, one space, three digits, one space, reason.'),
  'bad-status': row(400, 'The status code is not between 100 and 599.'),
  'bad-reason-phrase': row(400, 'The reason phrase has a control character.'),
  // Lines and fields
  'bare-cr': row(400, 'A carriage return is not followed by a line feed.'),
  'bare-lf': row(400, 'A line feed has no carriage return before it.'),
  'whitespace-before-first-field': row(400, 'White space stands before the first field.'),
  'obs-fold': row(400, 'A field is continued on the next line.'),
  'bad-field-name': row(400, 'A field name has a character that is not allowed in a token.'),
  'empty-field-name': row(400, 'A field has no name.'),
  'missing-colon': row(400, 'A field line has no colon.'),
  'space-before-colon': row(400, 'White space stands between a field name and its colon.'),
  'underscore-in-field-name': row(400, 'A field name has an underscore, which some programs read as a hyphen.'),
  'bad-field-value': row(400, 'A field value has a control character.'),
  'field-line-too-long': row(431, 'A field line is too long.'),
  'too-many-fields': row(431, 'There are too many fields.'),
  'head-too-large': row(431, 'The head of the message is too large.'),
  // Routing
  'missing-host': row(400, 'An HTTP/1.1 request must have a Host field.'),
  'repeated-host': row(400, 'The Host field is repeated.'),
  'bad-host': row(400, 'The host is not a name or address with an optional port.'),
  'bad-connection': row(400, 'The Connection field is not a list of tokens.'),
  'bad-upgrade': row(400, 'The Upgrade field is not a list of protocols.'),
  // Framing
  'length-and-transfer-encoding': row(400, 'Content-Length and Transfer-Encoding are both present.'),
  'repeated-content-length': row(400, 'The Content-Length field is repeated.'),
  'bad-content-length': row(400, 'Content-Length must be a plain decimal number without sign, space or leading zero.'),
  'content-length-overflow': row(400, 'Content-Length is too large a number.'),
  'repeated-transfer-encoding': row(400, 'The Transfer-Encoding field is repeated.'),
  'bad-transfer-encoding': row(501, 'The only transfer coding that is supported is chunked, once.'),
  'transfer-encoding-in-http-1-0': row(400, 'HTTP/1.0 has no Transfer-Encoding.'),
  'body-not-allowed': row(400, 'The message must not have a body, but declares one.'),
  'close-before-final-response': row(400, 'An informational response says that the connection closes.'),
  'unexpected-switch': row(400, 'The protocol was switched without a request to do so.'),
  'bad-switch': row(400, 'The protocol was switched to one that was not offered.'),
  // Body
  'bad-chunk-size': row(400, 'The size of a chunk is not a plain hexadecimal number.'),
  'chunk-size-too-long': row(400, 'The size of a chunk has too many digits.'),
  'chunk-size-overflow': row(400, 'The size of a chunk is too large a number.'),
  'bad-chunk-extension': row(400, 'A chunk extension is malformed.'),
  'chunk-extensions-too-large': row(400, 'The chunk extensions of the body are too large.'),
  'bad-chunk-end': row(400, 'The data of a chunk is not followed by a line end.'),
  'body-too-large': row(413, 'The body is too large.'),
  'forbidden-trailer': row(400, 'A trailer has a name that only a header may have.'),
  'trailers-too-large': row(431, 'The trailer section is too large.'),
};
