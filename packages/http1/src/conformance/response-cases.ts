import { head, type ResponseCase } from './conformance-case.ts';

const STATUS = '9112 4: HTTP-version SP status-code SP [reason-phrase]';
const LENGTH = '9112 6.3: an invalid length from an upstream: 502 and close';
const NONE = '9112 6.3: no body for HEAD, 1xx, 204 and 304, whatever the fields say';
const FORBIDDEN = '9112 6.1, 6.2: no framing fields on 1xx and 204';
const SWITCH = '9110 7.8: switch only to a protocol that the request offered';
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
  refused('a switch nobody asked for', 'unexpected-switch', SWITCH, head('HTTP/1.1 101 X', ...upgrade)),
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
  refused('HTTP/1.2', 'unsupported-version', '9112 2.3', head('HTTP/1.2 200 OK')),
  refused('a lower-case version', 'bad-version', '9112 2.3', head('http/1.1 200 OK')),
  refused('another protocol', 'bad-version', '9112 2.3', head('ICY 200 OK')),
  refused('no space after the status', 'bad-status-line', STATUS, head('HTTP/1.1 200')),
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
  refused('two equal lengths', 'repeated-content-length', LENGTH, `${ok('Content-Length: 2', 'Content-Length: 2')}hi`),
  refused('a list of lengths', 'bad-content-length', LENGTH, ok('Content-Length: 2, 2')),
  refused('a negative length', 'bad-content-length', LENGTH, ok('Content-Length: -1')),
  refused('a length of 2^64', 'content-length-overflow', LENGTH, ok('Content-Length: 18446744073709551616')),
  refused('a bad length to HEAD', 'bad-content-length', LENGTH, ok('Content-Length: x'), { method: 'HEAD' }),
  refused('gzip as coding', 'bad-transfer-encoding', '9112 6.1', ok('Transfer-Encoding: gzip')),
  refused('gzip and chunked', 'bad-transfer-encoding', '9112 6.1', ok('Transfer-Encoding: gzip, chunked')),
  refused(
    'chunked in HTTP/1.0',
    'transfer-encoding-in-http-1-0',
    '9112 6.1',
    head('HTTP/1.0 200 OK', 'Transfer-Encoding: chunked'),
  ),
  refused('204 with length', 'body-not-allowed', FORBIDDEN, head('HTTP/1.1 204 X', 'Content-Length: 2')),
  refused('204 with coding', 'body-not-allowed', FORBIDDEN, head('HTTP/1.1 204 X', 'Transfer-Encoding: chunked')),
  refused('100 with length', 'body-not-allowed', FORBIDDEN, head('HTTP/1.1 100 X', 'Content-Length: 0')),
  refused('103 with coding', 'body-not-allowed', FORBIDDEN, head('HTTP/1.1 103 X', 'Transfer-Encoding: chunked')),
  refused(
    '100 with close',
    'close-before-final-response',
    '9112 9.6: no message follows close',
    `${head('HTTP/1.1 100 X', 'Connection: close')}${ok('Content-Length: 0')}`,
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
  refused(
    'a forbidden trailer',
    'forbidden-trailer',
    '9110 6.5.1',
    `${ok('Transfer-Encoding: chunked')}0\r\nContent-Length: 1\r\n\r\n`,
    {
      statuses: [200],
    },
  ),
];
