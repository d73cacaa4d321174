import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestHead } from './request-head.ts';
import { countedClient, trustRanges } from './trusted-proxies.ts';

const from = (remoteAddress: string, forwardedFor?: string): RequestHead => ({
  ...{ method: 'GET', target: '/', host: 'x', scheme: 'http', httpVersion: '1.1', fieldIds: [], connection: [] },
  headers: forwardedFor === undefined ? [] : ['X-Forwarded-For', forwardedFor],
  remoteAddress,
});

test('behind a trusted proxy, the client is the one that it names; if it names none, the client is unknown', () => {
  const trusted = trustRanges(['10.0.0.0/8']);
  assert.equal(countedClient(from('192.0.2.7', '198.51.100.1'), trusted), '192.0.2.7');
  assert.equal(countedClient(from('10.1.1.1', '198.51.100.1'), trusted), '198.51.100.1');
  assert.equal(countedClient(from('10.1.1.1', '2001:db8:1:2:3::4'), trusted), '2001:db8:1:2::/64');
  assert.equal(countedClient(from('10.1.1.1'), trusted), undefined);
});
