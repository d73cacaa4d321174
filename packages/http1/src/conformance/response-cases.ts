import { head, type ResponseCase } from './conformance-case.ts';

const STATUS = '9112 4: HTTP-version SP status-code SP [reason-phrase]';
const LENGTH = '9112 6.3: an invalid length from an upstream: 502 and close';
const NONE = '9112 6.3: no body for HEAD, 1xx, 204 and 304, whatever the fields say';
const DROPPED = '9112 6.3: it ends with its head; 6.1, 6.2: the fields are not for it';
const INTERIM = '9110 15.2: a final response follows, whatever the head says';
const BLANKS = '9112 7.1.1: bad white space, parsed and removed';
const SWITCH = '9110 7.8: switch only to a protocol that the request offered';
const SAME = '9110 8.6: a recipient MAY read the same length once';
const CUT = '9112 8: an incomplete message must not pass for complete';

type Rest = Partial<Omit<ResponseCase, 'name' | 'rule' | 'bytes'>>;

const reads = (name: string, rule: string, bytes: string, rest: Rest = {}): ResponseCase => ({
  name,
  rule,
  bytes,
  statuses: [200],
  ...rest,
});
const refused = (
  name: string,
  reason: NonNullable<ResponseCase['refused']>,
  rule: string,
  bytes: string,
  rest: Rest = {},
) => ({ name, rule, bytes, statuses: [], refused: reason, ...rest }) satisfies ResponseCase;
const ok = (...lines: string[]): string => head('HTTP/1.1 200 OK', ...lines);
const upgrade = ['Connection: Upgrade', 'Upgrade: websocket'];

/** What upstreams send, in answer to a GET unless the case says otherwise. */
export const RESPONSE_CASES: readonly ResponseCase[] = [
  reads('a response of a length', LENGTH, `${ok('Content-Length: 2')}hi`, { body: 'hi' }),
  reads('a response without body', LENGTH, ok('Content-Length: 0')),
  reads('a chunked response', '9112 7.1', `${ok('Transfer-Encoding: chunked')}2\r\nhi\r\n0\r\n\r\n`, { body: 'hi' }),
  reads('trailers', '9112 7.1.2', `${ok('Transfer-Encoding: chunked', 'Trailer: X-A')}0\r\nX-A: 1\r\n\r\n`, {
    trailers: ['X-A', '1'],
  }),
  reads('a body until the connection closes', '9112 6.3', `${ok()}hi`, { body: 'hi' }),
  reads('HTTP/1.0 until the connection closes', '9112 6.3', `${head('HTTP/1.0 200 OK')}hi`, { body: 'hi' }),
  reads('an empty reason phrase', STATUS, head('HTTP/1.1 200 ', 'Content-Length: 0')),
  reads('a reason phrase of words and obs-text', STATUS, head('HTTP/1.1 200 Tr\xe8s bien\t!', 'Content-Length: 0')),
  reads('an underscore in a name', '9110 5.1: nobody maps response fields', ok('X_A: 1', 'Content-Length: 0')),
  reads('status 599', STATUS, head('HTTP/1.1 599 X', 'Content-Length: 0'), { statuses: [599] }),
  reads('205 with a length', '9112 6.3', head('HTTP/1.1 205 Reset', 'Content-Length: 0'), { statuses: [205] }),
  reads('HEAD with length', NONE, ok('Content-Length: 5'), { method: 'HEAD' }),
  reads('HEAD with coding', NONE, ok('Transfer-Encoding: chunked'), { method: 'HEAD' }),
  reads('HEAD without length', NONE, ok(), { method: 'HEAD' }),
  reads('HEAD with a body', NONE, `${ok('Content-Length: 5')}hello`, { method: 'HEAD', extraBytes: 5 }),
  reads('204', NONE, head('HTTP/1.1 204 No Content'), { statuses: [204] }),
  reads('204 with a body', NONE, `${head('HTTP/1.1 204 No Content')}hi`, { statuses: [204], extraBytes: 2 }),
  reads('304 with length', NONE, head('HTTP/1.1 304 Not Modified', 'Content-Length: 5'), { statuses: [304] }),
  reads('304 with a body', NONE, `${head('HTTP/1.1 304 Not Modified', 'Content-Length: 2')}hi`, {
    statuses: [304],
    extraBytes: 2,
  }),
  reads('bytes after the response', '9112 6.3', `${ok('Content-Length: 2')}hiHTTP/1.1 200 OK\r\n`, {
    body: 'hi',
    extraBytes: 17,
  }),
  reads('bytes after a chunked response', '9112 6.3', `${ok('Transfer-Encoding: chunked')}0\r\n\r\n\r\n`, {
    extraBytes: 2,
  }),
  reads('100 before the response', '9110 15.2', `${head('HTTP/1.1 100 Continue')}${ok('Content-Length: 0')}`, {
    statuses: [100, 200],
  }),
  reads(
    'several 1xx before the response',
    '9110 15.2',
    `${head('HTTP/1.1 103 Early Hints', 'Link: </a>')}${head('HTTP/1.1 102 Processing')}${ok('Content-Length: 0')}`,
    { statuses: [103, 102, 200] },
  ),
  reads('a switch that was asked for', SWITCH, `${head('HTTP/1.1 101 Switching Protocols', ...upgrade)}\x81\x00`, {
    statuses: [101],
    offered: ['websocket'],
    extraBytes: 2,
  }),
  reads('a body cut off', CUT, `${ok('Content-Length: 5')}he`, { body: 'he', cut: true }),
  reads('a chunked body without last chunk', CUT, `${ok('Transfer-Encoding: chunked')}2\r\nhi\r\n`, {
    body: 'hi',
    cut: true,
  }),
  reads('a chunked body without its last line end', CUT, `${ok('Transfer-Encoding: chunked')}0\r\n`, { cut: true }),
  reads('a head cut off', CUT, 'HTTP/1.1 200 OK\r\nContent-Le', { statuses: [], cut: true }),
  reads('1xx and nothing more', CUT, head('HTTP/1.1 100 Continue'), { statuses: [100], cut: true }),
  refused('a switch without an offer', 'unexpected-switch', SWITCH, head('HTTP/1.1 101 X', ...upgrade)),
  refused(
    'a switch to another protocol',
    'bad-switch',
    SWITCH,
    head('HTTP/1.1 101 X', 'Connection: upgrade', 'Upgrade: h2c'),
    {
      offered: ['websocket'],
    },
  ),
  refused('a switch without Upgrade', 'bad-switch', SWITCH, head('HTTP/1.1 101 X', 'Connection: upgrade'), {
    offered: ['websocket'],
  }),
  refused('a switch without Connection', 'bad-switch', SWITCH, head('HTTP/1.1 101 X', 'Upgrade: websocket'), {
    offered: ['websocket'],
  }),
  refused('an empty line first', 'whitespace-before-start-line', '9112 2.2', `\r\n${ok()}`),
  refused('HTTP/0.9', 'bad-version', '9112 2.3', '<html>hello</html>'),
  refused('HTTP/2.0', 'unsupported-version', '9112 2.3', head('HTTP/2.0 200 OK')),
  refused('a lower-case version', 'bad-version', '9112 2.3', head('http/1.1 200 OK')),
  refused('another protocol', 'bad-version', '9112 2.3', head('ICY 200 OK')),
  refused('no space but a tab after the status', 'bad-status-line', STATUS, head('HTTP/1.1 200\tOK')),
  refused('a line feed after the status', 'bare-lf', STATUS, 'HTTP/1.1 200\nContent-Length: 0\r\n\r\n'),
  refused('two spaces before the status', 'bad-status-line', STATUS, head('HTTP/1.1  200 OK')),
  refused('a status of two digits', 'bad-status-line', STATUS, head('HTTP/1.1 20 OK')),
  refused('a status of four digits', 'bad-status-line', STATUS, head('HTTP/1.1 2000 OK')),
  refused('a status with sign', 'bad-status-line', STATUS, head('HTTP/1.1 +20 OK')),
  refused('status 099', 'bad-status', '9110 15: 100 to 599', head('HTTP/1.1 099 OK')),
  refused('status 600', 'bad-status', '9110 15: 100 to 599', head('HTTP/1.1 600 OK')),
  refused('a NUL in the reason phrase', 'bad-reason-phrase', STATUS, head('HTTP/1.1 200 O\0K')),
  refused('a line feed alone after the status', 'bare-lf', '9112 2.2', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'),
  refused('a carriage return in the reason', 'bare-cr', '9112 2.2', head('HTTP/1.1 200 O\rK')),
  refused(
    'a length and a coding',
    'length-and-transfer-encoding',
    '9112 6.3',
    ok('Content-Length: 2', 'Transfer-Encoding: chunked'),
  ),
  reads('two equal lengths', SAME, `${ok('Content-Length: 2', 'content-length: 2')}hi`, { body: 'hi' }),
  reads('a list of equal lengths', SAME, `${ok('Content-Length: 2, 2')}hi`, { body: 'hi' }),
  refused('two other lengths', 'repeated-content-length', LENGTH, ok('Content-Length: 2', 'Content-Length: 3')),
  refused('a list of other lengths', 'bad-content-length', LENGTH, ok('Content-Length: 2, 3')),
  refused('equal lengths that are none', 'bad-content-length', LENGTH, ok('Content-Length: 02, 02')),
  refused('a list of a length and nothing', 'bad-content-length', LENGTH, ok('Content-Length: 2,')),
  refused('a list without a length', 'bad-content-length', LENGTH, ok('Content-Length: ,')),
  refused('a negative length', 'bad-content-length', LENGTH, ok('Content-Length: -1')),
  refused('a length of 2^64', 'content-length-overflow', LENGTH, ok('Content-Length: 18446744073709551616')),
  reads('a bad length to HEAD', NONE, ok('Content-Length: x'), { method: 'HEAD' }),
  reads('a length and a coding to HEAD', NONE, ok('Content-Length: 2', 'Transfer-Encoding: chunked'), {
    method: 'HEAD',
  }),
  reads('an unknown coding to HEAD', NONE, ok('Transfer-Encoding: gzip'), { method: 'HEAD' }),
  reads('304 with coding', NONE, head('HTTP/1.1 304 X', 'Transfer-Encoding: chunked'), { statuses: [304] }),
  reads('304 with a coding and a body', NONE, `${head('HTTP/1.1 304 X', 'Transfer-Encoding: chunked')}0\r\n\r\n`, {
    statuses: [304],
    extraBytes: 5,
  }),
  refused('gzip as coding', 'bad-transfer-encoding', '9112 6.1', ok('Transfer-Encoding: gzip')),
  refused('gzip and chunked', 'bad-transfer-encoding', '9112 6.1', ok('Transfer-Encoding: gzip, chunked')),
  refused(
    'chunked in HTTP/1.0',
    'transfer-encoding-in-http-1-0',
    '9112 6.1',
    head('HTTP/1.0 200 OK', 'Transfer-Encoding: chunked'),
  ),
  reads('204 with a length of zero', DROPPED, head('HTTP/1.1 204 X', 'Content-Length: 0'), { statuses: [204] }),
  reads('204 with length', DROPPED, head('HTTP/1.1 204 X', 'Content-Length: 2'), { statuses: [204] }),
  reads('204 with length and body', DROPPED, `${head('HTTP/1.1 204 X', 'Content-Length: 2')}hi`, {
    statuses: [204],
    extraBytes: 2,
  }),
  reads('204 with coding', DROPPED, head('HTTP/1.1 204 X', 'Transfer-Encoding: chunked'), { statuses: [204] }),
  reads('204 with a hidden coding', DROPPED, head('HTTP/1.1 204 X', 'Transfer-Encoding:\tchunked'), {
    statuses: [204],
  }),
  reads('204 with a bad length', DROPPED, head('HTTP/1.1 204 X', 'Content-Length: x', 'Connection: X-A'), {
    statuses: [204],
  }),
  reads('100 with length', DROPPED, `${head('HTTP/1.1 100 X', 'Content-Length: 0')}${ok('Content-Length: 0')}`, {
    statuses: [100, 200],
  }),
  reads(
    '103 with coding',
    DROPPED,
    `${head('HTTP/1.1 103 X', 'Transfer-Encoding: chunked')}${ok('Content-Length: 0')}`,
    {
      statuses: [103, 200],
    },
  ),
  refused(
    '100 with a body',
    'bad-version',
    DROPPED,
    `${head('HTTP/1.1 100 X', 'Content-Length: 5')}hello${ok('Content-Length: 0')}`,
    { statuses: [100] },
  ),
  reads('100 with close', INTERIM, `${head('HTTP/1.1 100 X', 'Connection: close')}${ok('Content-Length: 0')}`, {
    statuses: [100, 200],
  }),
  reads('100 of HTTP/1.0', INTERIM, `${head('HTTP/1.0 100 X')}${ok('Content-Length: 0')}`, { statuses: [100, 200] }),
  refused(
    'informational responses without end',
    'interim-heads-too-large',
    'a bound for what comes before the answer',
    head('HTTP/1.1 102 Processing').repeat(700),
    { statuses: Array.from({ length: 606 }, () => 102) },
  ),
  reads('a switch with a length', SWITCH, `${head('HTTP/1.1 101 X', ...upgrade, 'Content-Length: 0')}\x81\x00`, {
    statuses: [101],
    offered: ['websocket'],
    extraBytes: 2,
  }),
  reads('a status without reason and space', STATUS, head('HTTP/1.1 200', 'Content-Length: 0')),
  reads('HTTP/1.2', '9110 2.5: SHOULD be processed as 1.1', head('HTTP/1.2 200 OK', 'Content-Length: 0')),
  reads('a Connection that is not a list of tokens', '9110 7.6.1', ok('Connection: "keep-alive"', 'Content-Length: 0')),
  reads('an Upgrade that is not a list of protocols', '9110 7.8', ok('Upgrade: a b', 'Content-Length: 0')),
  reads('blanks after a chunk size', BLANKS, `${ok('Transfer-Encoding: chunked')}2 \t\r\nhi\r\n0  \r\n\r\n`, {
    body: 'hi',
  }),
  reads(
    'blanks in an extension',
    BLANKS,
    `${ok('Transfer-Encoding: chunked')}2 ; a\t= "b" ;c ; d = e \r\nhi\r\n0\r\n\r\n`,
    { body: 'hi' },
  ),
  refused('a blank before a chunk size', 'bad-chunk-size', BLANKS, `${ok('Transfer-Encoding: chunked')} 2\r\nhi\r\n`, {
    statuses: [200],
  }),
  refused('a blank in a chunk size', 'bad-chunk-size', BLANKS, `${ok('Transfer-Encoding: chunked')}2 2\r\nhi\r\n`, {
    statuses: [200],
  }),
  refused('a blank in a name', 'bad-chunk-extension', BLANKS, `${ok('Transfer-Encoding: chunked')}2;a b\r\nhi\r\n`, {
    statuses: [200],
  }),
  refused('a blank in a value', 'bad-chunk-extension', BLANKS, `${ok('Transfer-Encoding: chunked')}2;a=b c\r\nhi\r\n`, {
    statuses: [200],
  }),
  refused(
    'blanks without end',
    'chunk-extensions-too-large',
    BLANKS,
    `${ok('Transfer-Encoding: chunked')}2${' '.repeat(5000)}\r\nhi\r\n`,
    { statuses: [200] },
  ),
  refused('a space before the colon', 'space-before-colon', '9112 5.1', ok('X-A : 1')),
  refused('a folded value', 'obs-fold', '9112 5.2: 502', ok('X-A: 1', ' 2')),
  refused('white space before the first field', 'whitespace-before-first-field', '9112 2.2', ok(' X-A: 1')),
  refused('a NUL in a value', 'bad-field-value', '9110 5.5', ok('X-A: a\0b')),
  refused('a split response', 'bare-lf', '9112 2.2', ok('Location: /a\nSet-Cookie: b=c')),
  refused('a bad name', 'bad-field-name', '9110 5.1', ok('X{A}: 1')),
  refused('too many fields', 'too-many-fields', '6585 5', ok(...Array.from({ length: 101 }, (_, i) => `X-${i}: 1`))),
  refused(
    'a head that is too large',
    'head-too-large',
    '6585 5',
    ok(...Array.from({ length: 9 }, () => `A: ${'a'.repeat(2000)}`)),
  ),
  refused('a bad chunk size', 'bad-chunk-size', '9112 7.1', `${ok('Transfer-Encoding: chunked')}0x2\r\nhi\r\n`, {
    statuses: [200],
  }),
  reads(
    'a trailer that means nothing after the body',
    '9110 6.5.1: dropped',
    `${ok('Transfer-Encoding: chunked')}2\r\nhi\r\n0\r\nContent-Length: 1\r\nX-A: 1\r\nSet-Cookie: a=b\r\n\r\n`,
    { body: 'hi', trailers: ['X-A', '1'] },
  ),
];
