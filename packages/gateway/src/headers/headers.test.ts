import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldNameId } from '@flotilla/http1';
import { idleTracer } from '@flotilla/kit/telemetry';
import { type HeaderList, headerValue, headerValues } from './header-list.ts';
import { upstreamRequestFields } from './request-fields.ts';
import { identify, type RequestHead, type RequestIdentity } from './request-head.ts';
import { clientResponseFields, type ReceivedFields } from './response-fields.ts';
import { clientAddress, trustRanges } from './trusted-proxies.ts';

const identity: RequestIdentity = {
  requestId: 'r-1',
  trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true },
};

function headOf(headers: HeaderList, remoteAddress = '203.0.113.9'): RequestHead {
  const common = { method: 'GET', target: '/', host: 'shop.example:8080', scheme: 'http', httpVersion: '1.1' } as const;
  const { fields, ids, connection } = received(headers);
  return { ...common, headers: fields, fieldIds: ids, connection, remoteAddress };
}

function received(fields: HeaderList): ReceivedFields {
  const ids: number[] = [];
  for (let at = 0; at < fields.length; at += 2) ids.push(fieldNameId((fields[at] ?? '').toLowerCase()));
  const connection = headerValues(fields, 'connection').flatMap((value) => value.toLowerCase().split(/ *, */));
  return { fields, ids, connection };
}

function sent(headers: HeaderList, remoteAddress?: string, ranges: readonly string[] = []): string[] {
  return upstreamRequestFields(headOf(headers, remoteAddress), identity, {
    trusted: trustRanges(ranges),
    via: 'flotilla-1',
  });
}

test('what an untrusted peer says about its origin is replaced by what is known', () => {
  const fields = sent([
    'X-Forwarded-For',
    '6.6.6.6',
    'X-Forwarded-Proto',
    'https',
    'Forwarded',
    'for=6.6.6.6',
    'X-Real-IP',
    '6.6.6.6',
  ]);
  assert.deepEqual(headerValues(fields, 'x-forwarded-for'), ['203.0.113.9']);
  assert.deepEqual(headerValues(fields, 'x-forwarded-proto'), ['http']);
  assert.deepEqual(headerValues(fields, 'forwarded'), ['for=203.0.113.9;host="shop.example:8080";proto=http']);
  assert.deepEqual(headerValues(fields, 'x-real-ip'), []);
});

test('what a trusted proxy says is continued', () => {
  const fields = sent(
    [
      'x-forwarded-for',
      '198.51.100.1',
      'X-Forwarded-For',
      '198.51.100.2',
      'X-Forwarded-Proto',
      'https',
      'X-Forwarded-Host',
      'a.example',
      'Forwarded',
      'for=x',
    ],
    '::ffff:10.1.2.3',
    ['10.0.0.0/8'],
  );
  assert.deepEqual(headerValues(fields, 'x-forwarded-for'), ['198.51.100.1, 198.51.100.2, 10.1.2.3']);
  assert.deepEqual(headerValues(fields, 'x-forwarded-proto'), ['https']);
  assert.deepEqual(headerValues(fields, 'x-forwarded-host'), ['a.example']);
  assert.deepEqual(headerValues(fields, 'forwarded'), ['for=x, for=10.1.2.3;host="shop.example:8080";proto=http']);
});

test('an IPv6 peer is bracketed and quoted in Forwarded', () => {
  assert.match(headerValue(sent([], '2001:db8::1'), 'forwarded') ?? '', /^for="\[2001:db8::1\]";/);
});

test('the fields that Connection names are removed, except those that others rely on', () => {
  const fields = sent([
    'Connection',
    'X-Drop, close , authorization,X-Forwarded-For, HOST, Cookie, traceparent',
    'X-Drop',
    '1',
    'x-drop',
    '2',
    'Authorization',
    'Bearer t',
    'Cookie',
    'a=1',
    'X-Keep',
    '1',
  ]);
  assert.deepEqual(headerValues(fields, 'x-drop'), []);
  assert.deepEqual(headerValues(fields, 'connection'), []);
  assert.deepEqual(headerValues(fields, 'authorization'), ['Bearer t']);
  assert.deepEqual(headerValues(fields, 'cookie'), ['a=1']);
  assert.deepEqual(headerValues(fields, 'x-keep'), ['1']);
  assert.deepEqual(headerValues(fields, 'x-forwarded-for'), ['203.0.113.9']);
  assert.deepEqual(headerValues(fields, 'host'), ['shop.example:8080']);
});

test('framing, hop-by-hop and underscored fields are dropped; the rest keeps its order and case', () => {
  const fields = sent([
    'Host',
    'x',
    'Content-Length',
    '3',
    'Transfer-Encoding',
    'chunked',
    'TE',
    'trailers',
    'Trailer',
    'X',
    'Upgrade',
    'h2c',
    'HTTP2-Settings',
    'x',
    'Keep-Alive',
    'x',
    'Proxy-Connection',
    'x',
    'Expect',
    '100-continue',
    'x_forwarded_for',
    '6.6.6.6',
    'aCCept',
    '*/*',
    'X-A',
    '1',
    'x-a',
    '2',
  ]);
  assert.deepEqual(fields.slice(0, 8), ['Host', 'shop.example:8080', 'aCCept', '*/*', 'X-A', '1', 'x-a', '2']);
  assert.equal(fields.join().includes('6.6.6.6'), false);
});

test('Via is continued, and the ids of the request replace those received', () => {
  const fields = sent(['Via', '1.0 other', 'X-Request-Id', 'bad id', 'traceparent', 'x', 'tracestate', 'y']);
  assert.deepEqual(headerValues(fields, 'via'), ['1.0 other', '1.1 flotilla-1']);
  assert.deepEqual(headerValues(fields, 'x-request-id'), ['r-1']);
  assert.deepEqual(headerValues(fields, 'traceparent'), [`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`]);
  assert.deepEqual(headerValues(fields, 'tracestate'), []);
});

test("a response has this request's ids, and its cookies stay separate", () => {
  const fields = clientResponseFields(
    received([
      'Set-Cookie',
      'a',
      'set-cookie',
      'b',
      'Connection',
      'X-Hop, set-cookie',
      'X-Hop',
      '1',
      'X-Trace-Id',
      'z',
      'Content-Length',
      '5',
    ]),
    identity,
  );
  const expected = ['Set-Cookie', 'a', 'set-cookie', 'b', 'X-Request-Id', 'r-1', 'X-Trace-Id', 'a'.repeat(32)];
  assert.deepEqual(fields, expected);
});

test('a request keeps a valid id and trace; invalid ones are replaced, never an error', () => {
  const traceparent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
  const good = ['X-Request-ID', 'abc', 'traceparent', traceparent, 'tracestate', 'a=1', 'tracestate', 'b=2'];
  const kept = identify(idleTracer(), headOf(good));
  assert.equal(kept.requestId, 'abc');
  assert.equal(kept.trace.traceId, 'c'.repeat(32));
  assert.notEqual(kept.trace.spanId, 'd'.repeat(16));
  assert.equal(kept.trace.tracestate, 'a=1,b=2');
  const several = identify(
    idleTracer(),
    headOf(['traceparent', traceparent, 'traceparent', traceparent.replaceAll('c', 'e')]),
  );
  assert.doesNotMatch(several.trace.traceId, /^(?:c+|e+)$/, 'of two, nobody knows which is meant');
  const replaced = identify(idleTracer(), headOf(['X-Request-ID', 'a b', 'traceparent', 'nonsense']));
  assert.notEqual(replaced.requestId, 'a b');
  assert.match(replaced.trace.traceId, /^[0-9a-f]{32}$/);
});

const trust = trustRanges(['10.0.0.0/8', '192.0.2.7', '2001:db8:1::/48', 'fe80::1']);
for (const [address, expected] of [
  ['10.255.0.1', true],
  ['11.0.0.1', false],
  ['::ffff:10.0.0.1', true],
  ['192.0.2.7', true],
  ['192.0.2.8', false],
  ['2001:db8:1:ffff::1', true],
  ['2001:db8:2::1', false],
  ['fe80::1', true],
  ['not an address', false],
] as const) {
  test(`${address} is ${expected ? '' : 'not '}trusted`, () => assert.equal(trust.trusts(address), expected));
}

test('a block is written with its first address', () => {
  for (const range of [
    '10.0.0.0/8',
    '10.2.0.0/15',
    '0.0.0.0/0',
    '10.0.0.1/32',
    '::/0',
    'fe80::/10',
    '2001:db8::1/128',
  ]) {
    trustRanges([range]);
  }
  for (const range of [
    '10.0.0.1/8',
    '10.1.0.0/14',
    '10.0.0.3/31',
    '::1/64',
    '2001:db8:1::/47',
    '::ffff:10.0.0.1/112',
  ]) {
    assert.throws(() => trustRanges([range]), /first address/, range);
  }
});

for (const range of ['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'host', '', '::1/129', '10.0.0.0/-1']) {
  test(`"${range}" is not a valid range`, () => assert.throws(() => trustRanges([range]), RangeError));
}

for (const [what, headers, peer, expected] of [
  ['an untrusted peer is the client, whatever it says', ['X-Forwarded-For', '1.1.1.1'], '9.9.9.9', '9.9.9.9'],
  [
    'the last address that is not a trusted proxy is the client',
    ['X-Forwarded-For', '6.6.6.6, 1.1.1.1, 10.0.0.2'],
    '10.0.0.1',
    '1.1.1.1',
  ],
  ['fields are read as one list', ['X-Forwarded-For', '1.1.1.1', 'x-forwarded-for', '10.0.0.2'], '10.0.0.1', '1.1.1.1'],
  ['a port is cut off', ['X-Forwarded-For', '1.1.1.1:80'], '10.0.0.1', '1.1.1.1'],
  ['an IPv6 address may be bracketed', ['X-Forwarded-For', '[2001:db8::9]:80'], '10.0.0.1', '2001:db8::9'],
  [
    'the walk ends at the first text that is not an address',
    ['X-Forwarded-For', '1.1.1.1, unknown, 10.0.0.2'],
    '10.0.0.1',
    '10.0.0.2',
  ],
  ['with nothing said the proxy itself counts', [], '::ffff:10.0.0.1', '10.0.0.1'],
] as const) {
  test(`client address: ${what}`, () => assert.equal(clientAddress(headOf(headers, peer), trust), expected));
}

test('without ranges, nobody is trusted', () => assert.equal(trustRanges([]).trusts('127.0.0.1'), false));
