import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientNetwork, countedClient } from './client-network.ts';
import type { RequestHead } from './request-head.ts';
import { trustRanges } from './trusted-proxies.ts';

for (const [address, expected] of [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['2001:db8:1::2:3:4:5', '2001:db8:1:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['1:2:3:4:5:6:192.0.2.7', '1:2:3:4::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
] as const) {
  test(`"${address}" counts as "${expected}"`, () => assert.equal(clientNetwork(address), expected));
}

const from = (remoteAddress: string, forwardedFor?: string): RequestHead => ({
  ...{ method: 'GET', target: '/', host: 'x', scheme: 'http', httpVersion: '1.1', fieldIds: [], connection: [] },
  headers: forwardedFor === undefined ? [] : ['X-Forwarded-For', forwardedFor],
  remoteAddress,
});

test('behind a trusted proxy the client is who it names; one that names nobody is nobody', () => {
  const trusted = trustRanges(['10.0.0.0/8']);
  assert.equal(countedClient(from('192.0.2.7', '198.51.100.1'), trusted), '192.0.2.7');
  assert.equal(countedClient(from('10.1.1.1', '198.51.100.1'), trusted), '198.51.100.1');
  assert.equal(countedClient(from('10.1.1.1', '2001:db8:1:2:3::4'), trusted), '2001:db8:1:2::/64');
  assert.equal(countedClient(from('10.1.1.1'), trusted), undefined);
});
