import { get, HOST, head, type RequestCase, reads, refused } from './conformance-case.ts';

const NAME = '9112 5, 9110 5.1: field-name ":" OWS field-value OWS';
const VALUE = '9110 5.5: CR, LF, NUL and other controls are invalid';
const HOST_RULE = '9112 3.2: 400 for a missing, repeated or invalid Host';
const GET = { method: 'GET', target: '/', host: HOST };
const EOL = '9112 2.2: CRLF ends a line';
const LIMIT = '6585 5, 9110 5.4: 431';

const withHost = (value: string): string => head('GET / HTTP/1.1', `Host: ${value}`);
const host = (name: string, value: string, read = value): RequestCase =>
  reads(name, '9110 7.2', withHost(value), { host: read });
const badHost = (name: string, value: string): RequestCase => refused(name, 'bad-host', HOST_RULE, withHost(value));

/** The message is read, and the next one after it. */
const goesOn = (name: string, rule: string, bytes: string): RequestCase => ({
  ...reads(name, rule, bytes + get()),
  reads: [GET, GET],
});
/** The message is read, and is the last one of its connection. */
const closes = (name: string, rule: string, bytes: string): RequestCase => reads(name, rule, bytes + get());

/** Fields, their line ends, Host and the limits of a head. */
export const FIELD_CASES: readonly RequestCase[] = [
  reads('no white space after the colon', NAME, head('GET / HTTP/1.1', `Host:${HOST}`)),
  reads('white space around a value', NAME, head('GET / HTTP/1.1', `Host: \t ${HOST} \t `)),
  reads('an empty value', '9110 5.5', get('X-Empty:')),
  reads('a value of white space', '9110 5.5', get('X-Empty: \t ')),
  reads('obs-text in a value', '9110 5.5: opaque, relayed byte for byte', get('X-Name: J\xfcrgen \xe5\x90\x8d')),
  reads('every token character in a name', '9110 5.6.2', get("!#$%&'*+-.^`|~09azAZ: 1")),
  reads('a field named like a property', '9110 5.1: any token', get('constructor: 1', 'toString: 2')),
  reads('a colon in a value', '9110 5.5', get('X-Time: 12:00:00')),
  reads('repeated fields', '9110 5.3', get('Cookie: a=1', 'Cookie: b=2')),
  refused('a space before the colon', 'space-before-colon', '9112 5.1: 400', get('X-A : 1')),
  refused('a tab before the colon', 'space-before-colon', '9112 5.1: 400', get('X-A\t: 1')),
  refused('a space before the colon of framing', 'space-before-colon', '9112 5.1: 400', get('Content-Length : 5')),
  refused('a space in a name', 'space-before-colon', NAME, get('X A: 1')),
  refused('an empty name', 'empty-field-name', NAME, get(': 1')),
  refused('no colon', 'missing-colon', NAME, get('X-A')),
  refused('a NUL in a name', 'bad-field-name', NAME, get('X\0A: 1')),
  refused('a control in a name', 'bad-field-name', NAME, get('X\x01A: 1')),
  refused('a vertical tab before the colon', 'bad-field-name', NAME, get('Transfer-Encoding\x0b: chunked')),
  refused('obs-text in a name', 'bad-field-name', NAME, get('X-\xe9: 1')),
  refused('a slash in a name', 'bad-field-name', NAME, get('X/A: 1')),
  refused('parentheses in a name', 'bad-field-name', NAME, get('X(A): 1')),
  refused('a quote in a name', 'bad-field-name', NAME, get('"X": 1')),
  refused('a second request line as field', 'space-before-colon', NAME, get('GET /admin HTTP/1.1')),
  refused('an underscore', 'underscore-in-field-name', 'ambiguous with a hyphen for CGI', get('X_Forwarded_For: 1')),
  refused('an underscore first', 'underscore-in-field-name', 'ambiguous with a hyphen', get('__proto__: 1')),
  refused('an underscore in framing', 'underscore-in-field-name', 'ambiguous with a hyphen', get('Content_Length: 5')),
  { ...reads('an underscore that is allowed', NAME, get('__proto__: 1')), limits: { underscores: 'allow' } },
  { ...reads('an underscore that is dropped', NAME, get('Content_Length: 5')), limits: { underscores: 'drop' } },
  refused('a folded value', 'obs-fold', '9112 5.2: 400', get('X-A: 1', ' 2')),
  refused('a value folded with a tab', 'obs-fold', '9112 5.2: 400', get('X-A: 1', '\t2')),
  refused('a folded empty value', 'obs-fold', '9112 5.2: 400', get('X-A:', ' 2')),
  refused('a folded transfer coding', 'obs-fold', '9112 5.2: 400', get('Transfer-Encoding:', ' chunked')),
  refused(
    'white space before the first field',
    'whitespace-before-first-field',
    '9112 2.2',
    head('GET / HTTP/1.1', ` Host: ${HOST}`),
  ),
  refused(
    'a tab before the first field',
    'whitespace-before-first-field',
    '9112 2.2',
    head('GET / HTTP/1.1', '\tX: 1'),
  ),
  refused('a NUL in a value', 'bad-field-value', VALUE, get('X-A: a\0b')),
  refused('a control in a value', 'bad-field-value', VALUE, get('X-A: a\x01b')),
  refused('an escape in a value', 'bad-field-value', VALUE, get('X-A: \x1b[31m')),
  refused('a DEL in a value', 'bad-field-value', VALUE, get('X-A: a\x7fb')),
  refused('a form feed in a value', 'bad-field-value', VALUE, get('X-A: a\x0cb')),
  refused('a CR in a value', 'bare-cr', VALUE, get('X-A: a\rb')),
  refused('a CR at the end of a value', 'bare-cr', EOL, get('X-A: a\r')),
  refused('a LF in a value', 'bare-lf', EOL, get('X-A: a\nX-B: b')),
  refused('a LF in a name', 'bare-lf', EOL, get('X-\nA: a')),
  refused('a CR in a name', 'missing-colon', NAME, get('X-\rA: a')),
  refused('LF as the empty line', 'bare-lf', EOL, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\n`),
  refused('CR as the empty line', 'bare-cr', EOL, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\rX`),
  refused('line feeds only', 'bare-lf', EOL, `GET / HTTP/1.1\nHost: ${HOST}\n\n`),
  host('a host with port', 'a.example:8080'),
  host('an IPv4 address', '192.0.2.1'),
  host('an IPv6 address with port', '[2001:db8::1]:8080'),
  host('an IPv6 address that ends in IPv4', '[::ffff:192.0.2.1]'),
  host('a host with underscore', 'order_service.internal'),
  host('an empty host', '', ''),
  host('an empty port', 'a.example:', 'a.example'),
  reads('an empty host in HTTP/1.0', '9110 7.2', head('GET / HTTP/1.0', 'Host:'), { host: '' }),
  reads('an empty host beside an absolute target', '9112 3.2.2', head('GET http://b.example/ HTTP/1.1', 'Host:'), {
    target: 'http://b.example/',
    host: 'b.example',
  }),
  refused('two empty hosts', 'repeated-host', HOST_RULE, head('GET / HTTP/1.1', 'Host:', 'Host:')),
  badHost('a colon alone', ':'),
  badHost('two colons', 'a.example::'),
  refused('no Host', 'missing-host', HOST_RULE, head('GET / HTTP/1.1')),
  refused('absolute form without Host', 'missing-host', HOST_RULE, head('GET http://b.example/ HTTP/1.1')),
  refused('two hosts', 'repeated-host', HOST_RULE, get('Host: b.example')),
  refused('the same host twice', 'repeated-host', HOST_RULE, get(`Host: ${HOST}`)),
  refused('two hosts in HTTP/1.0', 'repeated-host', HOST_RULE, head('GET / HTTP/1.0', 'Host: a', 'Host: b')),
  badHost('a host list', 'a.example, b.example'),
  badHost('a host list without space', 'a.example,b.example'),
  badHost('a host with path', 'a.example/evil'),
  badHost('a host with user information', 'u@a.example'),
  badHost('a host with query', 'a.example?x'),
  badHost('a host with fragment', 'a.example#x'),
  badHost('a host with space', 'a.example b'),
  badHost('a host with backslash', 'a.example\\b'),
  badHost('a host with percent-encoding', 'a%2eexample'),
  badHost('a host of obs-text', 'a\xe9.example'),
  badHost('a port alone', ':80'),
  badHost('a port of letters', 'a.example:http'),
  badHost('a negative port', 'a.example:-1'),
  badHost('a port that is too large', 'a.example:65536'),
  badHost('two ports', 'a.example:80:80'),
  badHost('an IPv6 address without brackets', '2001:db8::1'),
  badHost('an IPv6 address that is not closed', '[::1'),
  badHost('an IPv6 address with text after it', '[::1]x'),
  badHost('an IPv6 address with nine groups', '[1:2:3:4:5:6:7:8:9]'),
  badHost('an IPv6 address with two gaps', '[1::2::3]'),
  badHost('an IPv6 zone', '[fe80::1%25eth0]'),
  refused(
    'a bad host beside an absolute target',
    'bad-host',
    HOST_RULE,
    head('GET http://b.example/ HTTP/1.1', 'Host: a@b'),
  ),
  closes('a Connection that is not a list of tokens', '9110 7.6.1: to some it has a close', get('Connection: close;x')),
  closes('a Connection in quotes', '9110 7.6.1: to some it is a close', get('Connection: "close"')),
  closes('a Connection with a parameter', '9110 7.6.1', get('Connection: keep-alive, timeout=5')),
  reads('a Connection with empty elements', '9110 5.6.1.2', get('Connection: , keep-alive,, x')),
  goesOn('an Upgrade that is not a list of protocols', '9110 7.8: MAY be ignored', get('Upgrade: web socket')),
  closes(
    'an empty Upgrade that Connection names',
    '9110 7.8: an offer to some',
    get('Connection: upgrade', 'Upgrade:'),
  ),
  closes('a good Upgrade and a bad one', '9110 7.8', get('Connection: upgrade', 'Upgrade: x', 'Upgrade: @')),
  goesOn('an empty Expect', '9110 10.1.1: no expectation', get('Expect:')),
  {
    ...refused('a head beyond the limit', 'head-too-large', LIMIT, get(`X-A: ${'a'.repeat(100)}`)),
    limits: { maxHeadBytes: 128 },
  },
  {
    ...refused('a head that never ends', 'head-too-large', LIMIT, `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(40)}`),
    limits: { maxHeadBytes: 128 },
  },
  { ...reads('a head at the limit', LIMIT, get('X-A: 1')), limits: { maxHeadBytes: get('X-A: 1').length } },
  {
    ...refused('a field line beyond the limit', 'field-line-too-long', LIMIT, get(`X-A: ${'a'.repeat(60)}`)),
    limits: { maxFieldLineBytes: 64 },
  },
  {
    ...refused('a name beyond the limit of a line', 'field-line-too-long', LIMIT, get(`X-${'a'.repeat(70)}: 1`)),
    limits: { maxFieldLineBytes: 64 },
  },
  {
    ...refused('white space beyond the limit of a line', 'field-line-too-long', LIMIT, get(`X-A:${' '.repeat(70)}1`)),
    limits: { maxFieldLineBytes: 64 },
  },
  {
    ...reads('a field line at the limit', LIMIT, get(`X-A: ${'a'.repeat(59)}`)),
    limits: { maxFieldLineBytes: 64 },
  },
  { ...refused('too many fields', 'too-many-fields', LIMIT, get('A: 1', 'B: 2', 'C: 3')), limits: { maxFields: 3 } },
  { ...reads('as many fields as allowed', LIMIT, get('A: 1', 'B: 2')), limits: { maxFields: 3 } },
];
