import { get, HOST, head, type RequestCase, reads, refused } from './conformance-case.ts';

const RAW = 'URL Standard: percent-encode sets; one reading';
const FORMS = '9112 3.2: a target has one of four forms';
const TARGET = '9112 3.2: no white space or other invalid character in a target; answer 400';
const LINE = '9112 3: method SP target SP version CRLF';
const VERSION = '9112 2.3: HTTP-version is case-sensitive, DIGIT "." DIGIT';
const hostLine = `Host: ${HOST}`;

const GET = { method: 'GET', target: '/', host: HOST };

const line = (text: string): string => head(text, hostLine);

/** Request lines, targets and versions. */
export const START_LINE_CASES: readonly RequestCase[] = [
  reads('a plain GET', LINE, get()),
  reads('origin form with query', FORMS, line('GET /a/b?c=d&e HTTP/1.1'), { target: '/a/b?c=d&e' }),
  reads('every character a target may have', '3986 2', line("GET /-._~!$&'()*+,;=:@%20[]?/? HTTP/1.1"), {
    target: "/-._~!$&'()*+,;=:@%20[]?/?",
  }),
  reads('what browsers leave in a path', RAW, line('GET /a|b^c HTTP/1.1'), { target: '/a|b^c' }),
  reads('what programs leave in a path', RAW, line('GET /{a}`"<b> HTTP/1.1'), { target: '/{a}`"<b>' }),
  reads('what browsers leave in a query', RAW, line('GET /?|{}^`\\%%zz%u0041 HTTP/1.1'), {
    target: '/?|{}^`\\%%zz%u0041',
  }),
  reads('what programs leave in a query', RAW, line('GET /?"<>\\? HTTP/1.1'), { target: '/?"<>\\?' }),
  reads('a backslash and a percent sign in the query of an absolute target', RAW, line('GET http://b?\\% HTTP/1.1'), {
    target: 'http://b?\\%',
    host: 'b',
  }),
  reads('absolute form with an empty port', '3986 6.2.3', line('GET http://b.example:/x HTTP/1.1'), {
    target: 'http://b.example:/x',
    host: 'b.example',
  }),
  reads('HTTP/1.2', '9110 2.5: SHOULD be processed as 1.1', line('GET / HTTP/1.2')),
  reads('two slashes are a path', '9110 4.1: 1*("/" segment); routing decides', line('GET //evil HTTP/1.1'), {
    target: '//evil',
  }),
  reads('dot segments stay as they are', '9110 7.7: a target is relayed unchanged', line('GET /a/../b HTTP/1.1'), {
    target: '/a/../b',
  }),
  reads('an encoded NUL stays unchanged', '9110 7.7; routing decides', line('GET /%00 HTTP/1.1'), { target: '/%00' }),
  reads('OPTIONS with asterisk', '9112 3.2.4', line('OPTIONS * HTTP/1.1'), { target: '*' }),
  reads('CONNECT with authority', '9112 3.2.3', line('CONNECT b.example:443 HTTP/1.1'), {
    target: 'b.example:443',
    host: 'b.example:443',
  }),
  reads('absolute form with the same host', '9112 3.2.2', line(`GET http://${HOST}/x HTTP/1.1`), {
    target: `http://${HOST}/x`,
  }),
  reads('absolute form with another host wins', '9112 3.2.2: ignore Host', line('GET http://b.example/x HTTP/1.1'), {
    target: 'http://b.example/x',
    host: 'b.example',
  }),
  reads('absolute form without path', '9110 4.2.3', line('GET HTTP://b.example?q HTTP/1.1'), {
    target: 'HTTP://b.example?q',
    host: 'b.example',
  }),
  reads('absolute form with IPv6 address and port', '3986 3.2.2', line('GET http://[::1]:80/ HTTP/1.1'), {
    target: 'http://[::1]:80/',
    host: '[::1]:80',
  }),
  reads('HTTP/1.0 with Host', '9112 2.3', line('GET / HTTP/1.0')),
  reads('HTTP/1.0 without Host', '9112 3.2: Host is required in 1.1 only', head('GET / HTTP/1.0'), { host: '' }),
  reads('TRACE is read', '9110 9.3.8: refusing it is a policy of the server', line('TRACE / HTTP/1.1')),
  reads('a method of WebDAV', '9110 16.1.1', line('PROPFIND / HTTP/1.1')),
  { ...reads('an empty line first', '9112 2.2: SHOULD be ignored', `\r\n${get()}`), reads: [GET] },
  refused('two empty lines first', 'whitespace-before-start-line', '9112 2.2: one is ignored', `\r\n\r\n${get()}`),
  refused('a carriage return first', 'whitespace-before-start-line', '9112 2.2', `\r${get()}`),
  refused('a space after an empty line', 'whitespace-before-start-line', '9112 2.2', `\r\n ${get()}`),
  refused('a line feed first', 'whitespace-before-start-line', '9112 2.2', `\n${get()}`),
  refused('a space first', 'whitespace-before-start-line', LINE, ` ${get()}`),
  refused('a tab first', 'whitespace-before-start-line', LINE, `\t${get()}`),
  refused('a NUL first', 'bad-method', LINE, `\0${get()}`),
  refused('a TLS hello', 'bad-method', LINE, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
  refused('a lower-case method', 'unknown-method', '9110 9.1: methods are case-sensitive', line('get / HTTP/1.1')),
  refused(
    'an unknown method',
    'unknown-method',
    '9110 9.1: 501 for a method that is not known',
    line('BREW / HTTP/1.1'),
  ),
  refused('a method as long as a head', 'unknown-method', '9112 3: 501', `${'G'.repeat(40)} / HTTP/1.1\r\n`),
  refused('a colon in the method', 'bad-method', '9110 5.6.2', line('GE:T / HTTP/1.1')),
  refused('obs-text in the method', 'bad-method', '9110 5.6.2', line('G\xcbT / HTTP/1.1')),
  refused('a proxy protocol line', 'bad-version', LINE, `PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n${get()}`),
  refused('two spaces before the target', 'bad-request-line', LINE, line('GET  / HTTP/1.1')),
  refused('two spaces before the version', 'bad-request-line', LINE, line('GET /  HTTP/1.1')),
  refused('a tab before the target', 'bad-request-line', LINE, line('GET\t/ HTTP/1.1')),
  refused('a tab in the target', 'bad-target', TARGET, line('GET /\tHTTP/1.1')),
  refused('a space in the target', 'bad-version', TARGET, line('GET /a b HTTP/1.1')),
  refused('a space after the version', 'bad-version', LINE, line('GET / HTTP/1.1 ')),
  refused('no target', 'bad-request-line', LINE, line('GET \r\n')),
  refused('a method alone', 'bad-request-line', LINE, 'GET\r\n\r\n'),
  refused('HTTP/0.9', 'http-0-9', '9112 2.3, 1945 4.1', 'GET /\r\n'),
  refused('HTTP/0.9 with a line feed', 'bare-lf', '9112 2.2', 'GET /\n'),
  refused('HTTP/0.9 with fields', 'http-0-9', '9112 2.3', head('GET /', hostLine)),
  refused('a fragment', 'target-fragment', '9112 3.2: a target has no fragment', line('GET /#a HTTP/1.1')),
  refused('a backslash', 'bad-target', TARGET, line('GET /a\\b HTTP/1.1')),
  refused('a backslash before a query', 'bad-target', TARGET, line('GET /a\\b?c\\d HTTP/1.1')),
  refused('a backslash in an authority', 'bad-target', TARGET, line('GET http://b\\@a/?x HTTP/1.1')),
  refused('a pipe in an authority', 'bad-target', TARGET, line('GET http://a|b/ HTTP/1.1')),
  refused('a fragment in a query', 'target-fragment', '9112 3.2', line('GET /?a#b HTTP/1.1')),
  refused('UTF-8 in a query', 'bad-target', TARGET, line('GET /?\xc3\xa9 HTTP/1.1')),
  refused('a percent sign alone before a query', 'bad-percent-encoding', '3986 2.1', line('GET /a%?b=%20 HTTP/1.1')),
  refused(
    'a percent sign that a query seems to continue',
    'bad-percent-encoding',
    '3986 2.1',
    line('GET /a%2?f HTTP/1.1'),
  ),
  refused('a NUL in the target', 'bad-target', TARGET, line('GET /\0 HTTP/1.1')),
  refused('a DEL in the target', 'bad-target', TARGET, line('GET /\x7f HTTP/1.1')),
  refused('UTF-8 in the target', 'bad-target', TARGET, line('GET /\xc3\xa9 HTTP/1.1')),
  refused('a percent sign alone', 'bad-percent-encoding', '3986 2.1: "%" HEXDIG HEXDIG', line('GET /100% HTTP/1.1')),
  refused('a percent sign with one digit', 'bad-percent-encoding', '3986 2.1', line('GET /%2 HTTP/1.1')),
  refused('a percent sign with other letters', 'bad-percent-encoding', '3986 2.1', line('GET /%u0041 HTTP/1.1')),
  refused('a path without slash', 'bad-target-form', FORMS, line('GET index.html HTTP/1.1')),
  refused('asterisk without OPTIONS', 'bad-target-form', '9112 3.2.4', line('GET * HTTP/1.1')),
  refused('asterisk with more', 'bad-target-form', '9112 3.2.4', line('OPTIONS *a HTTP/1.1')),
  refused('authority without CONNECT', 'bad-target-form', '9112 3.2.3', line('GET b.example:443 HTTP/1.1')),
  refused('CONNECT with a path', 'bad-target-form', '9112 3.2.3', line('CONNECT / HTTP/1.1')),
  refused('CONNECT without port', 'bad-target-form', '9112 3.2.3', line('CONNECT b.example HTTP/1.1')),
  refused('another scheme', 'bad-target-form', '9112 3.2.2, 9110 4.2', line('GET ftp://b.example/ HTTP/1.1')),
  refused('a scheme without authority', 'bad-target-form', '9110 4.2.1', line('GET http:/x HTTP/1.1')),
  refused('an empty authority', 'bad-target', '9110 4.2.1: an empty host is invalid', line('GET http:///x HTTP/1.1')),
  refused('user information', 'target-userinfo', '9110 4.2.4', line('GET http://u:p@b.example/ HTTP/1.1')),
  refused('user information in CONNECT', 'target-userinfo', '9110 4.2.4', line('CONNECT u@b.example:1 HTTP/1.1')),
  refused('a bad port in the authority', 'bad-target', '3986 3.2.3', line('GET http://b.example:x/ HTTP/1.1')),
  refused('HTTP/3.1', 'unsupported-version', VERSION, line('GET / HTTP/3.1')),
  refused('HTTP/2.0', 'unsupported-version', VERSION, line('GET / HTTP/2.0')),
  refused('HTTP/0.9 written out', 'unsupported-version', VERSION, line('GET / HTTP/0.9')),
  refused('the preface of HTTP/2', 'unsupported-version', '9113 3.4', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  refused('a lower-case version', 'bad-version', VERSION, line('GET / http/1.1')),
  refused('a version of three digits', 'bad-version', VERSION, line('GET / HTTP/1.10')),
  refused('a version without dot', 'bad-version', VERSION, line('GET / HTTP/11')),
  refused('another protocol', 'bad-version', VERSION, line('GET / ICAP/1.0')),
  refused('a line feed alone after the version', 'bare-lf', '9112 2.2', `GET / HTTP/1.1\n${hostLine}\r\n\r\n`),
  refused('a carriage return alone after the version', 'bare-cr', '9112 2.2', `GET / HTTP/1.1\r${hostLine}\r\n\r\n`),
  {
    ...refused('a target beyond the limit', 'target-too-long', '9112 3: 414', line(`GET /${'a'.repeat(64)} HTTP/1.1`)),
    limits: { maxTargetBytes: 64 },
  },
  {
    ...reads('a target at the limit', '9112 3', line(`GET /${'a'.repeat(63)} HTTP/1.1`), {
      target: `/${'a'.repeat(63)}`,
    }),
    limits: { maxTargetBytes: 64 },
  },
];
