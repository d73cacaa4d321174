import { chunked, get, HOST, head, post, type RequestCase, reads, refused } from './conformance-case.ts';

const LENGTH = '9112 6.2, 6.3: 400 for an invalid Content-Length';
const CODING = '9112 6.1: the only coding here is chunked, alone and once';
const BOTH = '9112 6.1, 6.3: Content-Length with Transfer-Encoding is an attack';
const SIZE = '9112 7.1: chunk-size = 1*HEXDIG CRLF';
const EXTENSION = '9112 7.1.1: *( ";" name [ "=" token / quoted-string ] )';
const TRAILER = '9110 6.5.1: a field that means nothing after the body is dropped';

const length = (name: string, value: string): RequestCase =>
  refused(name, 'bad-content-length', LENGTH, `${post(`Content-Length:${value}`)}hello`);
const coding = (name: string, value: string): RequestCase =>
  refused(name, 'bad-transfer-encoding', CODING, `${post(`Transfer-Encoding:${value}`)}0\r\n\r\n`);
/** The head is good, but the body is refused. */
const body = (name: string, reason: NonNullable<RequestCase['refused']>, rule: string, bytes: string): RequestCase =>
  refused(name, reason, rule, chunked(bytes));
/** The field is dropped, the others stay, and the next request is read. */
const trailer = (name: string, line: string): RequestCase => ({
  name,
  bytes: `${chunked(`2\r\nhi\r\n0\r\nX-A: 1\r\n${line}\r\nX-B: 2\r\n\r\n`)}${get()}`,
  rule: TRAILER,
  reads: [
    { method: 'POST', target: '/', host: HOST, body: 'hi', trailers: ['X-A', '1', 'X-B', '2'] },
    { method: 'GET', target: '/', host: HOST },
  ],
});

/** Where bodies end: lengths, codings, chunks and trailers. */
export const FRAMING_CASES: readonly RequestCase[] = [
  reads('a body of a length', LENGTH, `${post('Content-Length: 5')}hello`, { body: 'hello' }),
  reads('a length of zero', LENGTH, post('Content-Length: 0')),
  reads('no length', '9112 6.3: no body', post()),
  reads('a GET with body', '9110 9.3.1: read it by its framing', `${get('Content-Length: 2')}hi`, { body: 'hi' }),
  reads('a body with white space around the length', '9110 5.5', `${post('content-length: \t2 \t')}hi`, { body: 'hi' }),
  {
    name: 'two requests in one packet',
    bytes: `${post('Content-Length: 2')}hi${get()}`,
    rule: '9112 9.3.2: pipelining',
    reads: [
      { method: 'POST', target: '/', host: HOST, body: 'hi' },
      { method: 'GET', target: '/', host: HOST },
    ],
  },
  {
    name: 'nothing is read after close',
    bytes: `${get('Connection: close')}${get()}`,
    rule: '9112 9.6',
    reads: [{ method: 'GET', target: '/', host: HOST }],
  },
  {
    name: 'nothing is read after HTTP/1.0',
    bytes: `${head('GET / HTTP/1.0', `Host: ${HOST}`)}${get()}`,
    rule: '9112 9.3',
    reads: [{ method: 'GET', target: '/', host: HOST }],
  },
  {
    name: 'HTTP/1.0 with keep-alive continues',
    bytes: `${head('GET / HTTP/1.0', `Host: ${HOST}`, 'Connection: Keep-Alive')}${get()}`,
    rule: '9112 9.3',
    reads: [
      { method: 'GET', target: '/', host: HOST },
      { method: 'GET', target: '/', host: HOST },
    ],
  },
  {
    name: 'HTTP/1.0 with keep-alive and upgrade does not continue',
    bytes: `${head('GET / HTTP/1.0', `Host: ${HOST}`, 'Connection: keep-alive, upgrade', 'Upgrade: x')}${get()}`,
    rule: '9110 7.8: Upgrade in HTTP/1.0 is ignored; some programs do not',
    reads: [{ method: 'GET', target: '/', host: HOST }],
  },
  {
    name: 'nothing is read after Proxy-Connection: close',
    bytes: `${get('Proxy-Connection: close')}${get()}`,
    rule: '9110 7.6.1: no such field, but some programs take it for Connection',
    reads: [{ method: 'GET', target: '/', host: HOST }],
  },
  {
    name: 'an empty line between two requests',
    bytes: `${get()}\r\n${get()}`,
    rule: '9112 2.2: SHOULD be ignored',
    reads: [
      { method: 'GET', target: '/', host: HOST },
      { method: 'GET', target: '/', host: HOST },
    ],
  },
  {
    name: 'an empty line after the last request',
    bytes: `${post('Content-Length: 2')}hi\r\n`,
    rule: '9112 2.2: it begins no request',
    reads: [{ method: 'POST', target: '/', host: HOST, body: 'hi' }],
  },
  {
    name: 'two empty lines between two requests',
    bytes: `${get()}\r\n\r\n${get()}`,
    rule: '9112 2.2: one SHOULD be ignored; no client sends more',
    reads: [{ method: 'GET', target: '/', host: HOST }],
    refused: 'whitespace-before-start-line',
  },
  {
    name: 'a body longer than its length',
    bytes: `${post('Content-Length: 2')}hiGET /evil`,
    rule: '9112 6.3: what follows is another message',
    reads: [{ method: 'POST', target: '/', host: HOST, body: 'hi' }],
    unfinished: 'head',
  },
  { name: 'a body cut off', bytes: `${post('Content-Length: 5')}he`, rule: '9112 8', reads: [], unfinished: 'body' },
  { name: 'a head cut off', bytes: 'GET / HTTP/1.1\r\nHost: a.exa', rule: '9112 8', reads: [], unfinished: 'head' },
  length('an empty length', ''),
  length('a length with plus sign', ' +5'),
  length('a negative length', ' -5'),
  length('a length with leading zero', ' 05'),
  length('a length of many zeros', ' 00000'),
  length('a hexadecimal length', ' 0x5'),
  length('a length with fraction', ' 5.0'),
  length('a length with exponent', ' 5e0'),
  length('a length with inner space', ' 5 5'),
  length('a length with underscore', ' 1_0'),
  length('a list of equal lengths', ' 5, 5'),
  length('a list of other lengths', ' 5,6'),
  length('a length in other digits', ' \xb2'),
  length('a length in quotes', ' "5"'),
  refused('a length of 2^53', 'content-length-overflow', LENGTH, post('Content-Length: 9007199254740992')),
  refused('a length of 2^64 + 5', 'content-length-overflow', LENGTH, post('Content-Length: 18446744073709551621')),
  refused(
    'two equal lengths',
    'repeated-content-length',
    LENGTH,
    `${post('Content-Length: 5', 'Content-Length: 5')}hello`,
  ),
  refused(
    'two other lengths',
    'repeated-content-length',
    LENGTH,
    `${post('Content-Length: 5', 'content-length: 6')}hello`,
  ),
  refused(
    'a length before a coding',
    'length-and-transfer-encoding',
    BOTH,
    `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  ),
  refused(
    'a coding before a length',
    'length-and-transfer-encoding',
    BOTH,
    `${post('Transfer-Encoding: chunked', 'Content-Length: 0')}0\r\n\r\n`,
  ),
  coding('an empty coding', ''),
  coding('identity', ' identity'),
  coding('gzip before chunked', ' gzip, chunked'),
  coding('chunked before gzip', ' chunked, gzip'),
  coding('chunked twice in a list', ' chunked, chunked'),
  coding('a coding that ends like chunked', ' xchunked'),
  coding('a coding that begins like chunked', ' chunkedx'),
  coding('chunked with parameter', ' chunked;q=1'),
  coding('chunked in quotes', ' "chunked"'),
  coding('chunked after a comma', ' ,chunked'),
  coding('chunked with text', ' chunked foo'),
  coding('a tab before chunked', '\tchunked'),
  coding('a tab after chunked', ' chunked\t'),
  refused('chunked after a vertical tab', 'bad-field-value', CODING, post('Transfer-Encoding: \x0bchunked')),
  refused(
    'chunked twice',
    'repeated-transfer-encoding',
    CODING,
    `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  ),
  refused(
    'chunked and then identity',
    'repeated-transfer-encoding',
    CODING,
    `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n`,
  ),
  refused(
    'chunked in HTTP/1.0',
    'transfer-encoding-in-http-1-0',
    '9112 6.1: faulty framing',
    `${head('POST / HTTP/1.0', `Host: ${HOST}`, 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  ),
  refused(
    'TRACE with body',
    'body-not-allowed',
    '9110 9.3.8',
    head('TRACE / HTTP/1.1', 'Host: a', 'Content-Length: 1'),
  ),
  refused(
    'CONNECT with body',
    'body-not-allowed',
    '9110 9.3.6',
    head('CONNECT a:1 HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked'),
  ),
  reads(
    'TRACE with a length of zero',
    '9110 9.3.8: no body',
    head('TRACE / HTTP/1.1', `Host: ${HOST}`, 'Content-Length: 0'),
  ),
  reads('a chunked body', SIZE, chunked('5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n'), { body: 'hello world' }),
  reads('an empty chunked body', SIZE, chunked('0\r\n\r\n')),
  reads(
    'Chunked in other case',
    '9112 7: codings are case-insensitive',
    `${post('Transfer-Encoding: Chunked')}0\r\n\r\n`,
  ),
  reads('chunk sizes in both cases', SIZE, chunked('a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n'), {
    body: '01234567890123456789',
  }),
  reads('a chunk size with leading zeros', SIZE, chunked('0002\r\nhi\r\n000\r\n\r\n'), { body: 'hi' }),
  reads('content that looks like framing', SIZE, chunked('5\r\n0\r\n\r\n\r\n0\r\n\r\n'), { body: '0\r\n\r\n' }),
  reads('extensions', EXTENSION, chunked('2;a;b=c;d="e;\\"f"\r\nhi\r\n0;z\r\n\r\n'), { body: 'hi' }),
  reads('trailers', '9112 7.1.2', chunked('0\r\nX-Sum: 1\r\nX-B:\r\n\r\n'), { trailers: ['X-Sum', '1', 'X-B', ''] }),
  body('an empty chunk size', 'bad-chunk-size', SIZE, '\r\nhi\r\n0\r\n\r\n'),
  body('a chunk size with prefix', 'bad-chunk-size', SIZE, '0x2\r\nhi\r\n0\r\n\r\n'),
  body('a chunk size with plus sign', 'bad-chunk-size', SIZE, '+2\r\nhi\r\n0\r\n\r\n'),
  body('a negative chunk size', 'bad-chunk-size', SIZE, '-2\r\nhi\r\n0\r\n\r\n'),
  body('a space before a chunk size', 'bad-chunk-size', SIZE, ' 2\r\nhi\r\n0\r\n\r\n'),
  body('a space after a chunk size', 'bad-chunk-size', SIZE, '2 \r\nhi\r\n0\r\n\r\n'),
  body('a tab after a chunk size', 'bad-chunk-size', SIZE, '2\t\r\nhi\r\n0\r\n\r\n'),
  body('an underscore in a chunk size', 'bad-chunk-size', SIZE, '1_0\r\n'),
  body('a chunk size of sixteen digits', 'chunk-size-too-long', SIZE, '0000000000000002\r\nhi\r\n0\r\n\r\n'),
  body('a chunk size of 2^64', 'chunk-size-overflow', SIZE, '10000000000000000\r\n'),
  body('a chunk size of 2^53', 'chunk-size-overflow', SIZE, '20000000000000\r\n'),
  body('a line feed alone after a chunk size', 'bare-lf', SIZE, '2\nhi\r\n0\r\n\r\n'),
  body('a carriage return alone after a chunk size', 'bare-cr', SIZE, '2\rhi\r\n0\r\n\r\n'),
  body('content longer than its chunk', 'bad-chunk-end', SIZE, '2\r\nhello\r\n0\r\n\r\n'),
  body('content shorter than its chunk', 'bad-chunk-end', SIZE, '4\r\nhi\r\n0\r\n\r\n'),
  body('a line feed alone after content', 'bad-chunk-end', SIZE, '2\r\nhi\n0\r\n\r\n'),
  body('two carriage returns after content', 'bad-chunk-end', SIZE, '2\r\nhi\r\r\n0\r\n\r\n'),
  body('an extension without name', 'bad-chunk-extension', EXTENSION, '2;\r\nhi\r\n0\r\n\r\n'),
  body('an extension without value', 'bad-chunk-extension', EXTENSION, '2;a=\r\nhi\r\n0\r\n\r\n'),
  body(
    'a space before an extension',
    'bad-chunk-size',
    '9112 7.1.1: BWS; no client sends it, stricter here',
    '2 ;a\r\nhi\r\n0\r\n\r\n',
  ),
  body('a space in an extension', 'bad-chunk-extension', EXTENSION, '2;a b\r\nhi\r\n0\r\n\r\n'),
  body('a line feed in an extension', 'bare-lf', EXTENSION, '2;a\nhi\r\n0\r\n\r\n'),
  body('a carriage return in an extension', 'bare-cr', EXTENSION, '2;a\rb\r\nhi\r\n0\r\n\r\n'),
  body('a line end in a quoted extension', 'bad-chunk-extension', EXTENSION, '2;a="\r\nhi\r\n0\r\n\r\n'),
  body('a NUL in an extension', 'bad-chunk-extension', EXTENSION, '2;a=\0\r\nhi\r\n0\r\n\r\n'),
  {
    ...body('extensions beyond the budget', 'chunk-extensions-too-large', EXTENSION, '1;aaaa\r\nx\r\n'.repeat(5)),
    limits: { maxChunkExtensionBytes: 16 },
  },
  trailer('a length as trailer', 'Content-Length: 5'),
  trailer('an invalid length as trailer', 'Content-Length: x'),
  trailer('a coding as trailer', 'Transfer-Encoding: chunked'),
  trailer('a hidden coding as trailer', 'Transfer-Encoding:\tchunked'),
  body('a forbidden trailer with a bad value', 'bad-field-value', '9110 5.5', '0\r\nHost: \0\r\n\r\n'),
  trailer('a host as trailer', 'Host: b.example'),
  trailer('a connection option as trailer', 'connection: close'),
  trailer('credentials as trailer', 'Authorization: Basic x'),
  trailer('a cookie as trailer', 'COOKIE: a=b'),
  trailer('a forwarded address as trailer', 'X-Forwarded-For: 192.0.2.1'),
  trailer('a type as trailer', 'Content-Type: text/html'),
  body('a folded trailer', 'obs-fold', '9112 5.2', '0\r\nX: 1\r\n 2\r\n\r\n'),
  body('a space before the colon of a trailer', 'space-before-colon', '9112 5.1', '0\r\nX : 1\r\n\r\n'),
  body('a line feed alone in trailers', 'bare-lf', '9112 2.2', '0\r\nX: 1\n\r\n'),
  body('a line feed alone as the end', 'bare-lf', '9112 7.1', '0\r\n\n'),
  {
    ...body('trailers beyond the limit', 'trailers-too-large', '6585 5', `0\r\nX: ${'a'.repeat(80)}\r\n\r\n`),
    limits: { maxTrailerBytes: 64 },
  },
  {
    ...body('too many trailers', 'too-many-fields', '6585 5', '0\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n'),
    limits: { maxFields: 2 },
  },
  {
    ...refused('a length beyond the limit', 'body-too-large', '9110 15.5.14', post('Content-Length: 9')),
    limits: { maxBodyBytes: 8 },
  },
  {
    ...body('chunks beyond the limit', 'body-too-large', '9110 15.5.14', '5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n'),
    limits: { maxBodyBytes: 8 },
  },
];
