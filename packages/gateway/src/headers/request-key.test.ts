import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOf } from '../balance/hash.ts';
import type { KeySource } from '../balance/key-source.ts';
import type { RequestHead } from './request-head.ts';
import { compileKeyReader } from './request-key.ts';
import { trustRanges } from './trusted-proxies.ts';

const trusted = trustRanges(['10.0.0.0/8']);

function keyOf(source: KeySource, headers: readonly string[], remoteAddress = '192.0.2.7'): number | undefined {
  const head: RequestHead = {
    ...{ method: 'GET', target: '/', host: 'Shop.example', scheme: 'http', httpVersion: '1.1', fieldIds: [] },
    ...{ connection: [], headers, remoteAddress },
  };
  return compileKeyReader(source)(head, new Map([['id', '42']]), trusted);
}

const tenant = { from: 'header', name: 'X-Tenant' } as const;
const session = { from: 'cookie', name: 'sid' } as const;
const client = { from: 'client' } as const;

for (const [what, source, headers, expected] of [
  ['a header, in whatever case', tenant, ['x-tenant', 'blue'], 'blue'],
  ['all values of a header', tenant, ['X-Tenant', 'a', 'X-Tenant', 'b'], 'a,b'],
  ['the host, as the client meant it', { from: 'header', name: 'Host' }, ['Host', 'else'], 'shop.example'],
  ['a cookie among others', session, ['Cookie', 'a=1; sid=abc; sid2=x'], 'abc'],
  ['a cookie in a separate field', session, ['cookie', 'a=1', 'cookie', 'sid=abc'], 'abc'],
  ['a cookie with "=" in it', session, ['Cookie', 'sid=YQ=='], 'YQ=='],
  ['a parameter', { from: 'parameter', name: 'id' }, [], '42'],
  ['the peer of the connection', client, ['X-Forwarded-For', '198.51.100.1'], '192.0.2.7'],
] as const) {
  test(`${what} is a key`, () => assert.equal(keyOf(source, headers), hashOf(expected)));
}

for (const [what, source, headers, peer] of [
  ['a missing header', tenant, [], undefined],
  ['an empty header', tenant, ['X-Tenant', ''], undefined],
  ['a missing cookie', session, ['Cookie', 'xsid=1; sid'], undefined],
  ['an empty cookie', session, ['Cookie', 'sid='], undefined],
  ['a parameter that there is not', { from: 'parameter', name: 'no' }, [], undefined],
  ['a trusted proxy that names no client', client, [], '10.1.1.1'],
] as const) {
  test(`${what} is not a key: such requests go to any instance`, () =>
    assert.equal(keyOf(source, headers, peer), undefined));
}

test('the client is the one that a trusted proxy names; an IPv6 client is identified by its network', () => {
  assert.equal(keyOf(client, ['X-Forwarded-For', '198.51.100.1'], '10.1.1.1'), hashOf('198.51.100.1'));
  const [one, other] = ['2001:db8:1:2::5', '2001:db8:1:2:3::4'];
  assert.equal(
    keyOf(client, ['X-Forwarded-For', one], '10.1.1.1'),
    keyOf(client, ['X-Forwarded-For', other], '10.1.1.1'),
  );
});
