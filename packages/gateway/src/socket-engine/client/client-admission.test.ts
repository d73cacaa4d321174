import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trustRanges } from '../../headers/trusted-proxies.ts';
import { ClientAdmission, type ConnectionPlace } from './client-admission.ts';

const nobody = trustRanges([]);

function admitted(admission: ClientAdmission, address: string): ConnectionPlace {
  const place = admission.admit(address);
  assert.ok(typeof place === 'object', `${address}: ${String(place)}`);
  return place;
}

test('an IPv6 network counts as one client, whichever of its addresses connects', () => {
  const admission = new ClientAdmission({ connections: 10, connectionsPerClient: 2, openFiles: 99 }, nobody);
  const first = admitted(admission, '2001:db8:1:2::1');
  admitted(admission, '2001:db8:1:2:ffff::2');
  assert.equal(admission.admit('2001:db8:1:2::3'), 'connectionsPerClient');
  admitted(admission, '2001:db8:1:3::1');
  first.release();
  admitted(admission, '2001:db8:1:2::3');
});

test('a long-lived connection gives up its place, and needs one again afterwards', () => {
  const admission = new ClientAdmission({ connections: 2, connectionsPerClient: 1, openFiles: 99 }, nobody);
  const tunnel = admitted(admission, '192.0.2.1');
  assert.equal(admission.admit('192.0.2.1'), 'connectionsPerClient');
  tunnel.setLongLived(true);
  tunnel.setLongLived(true);
  admitted(admission, '192.0.2.1');
  admitted(admission, '192.0.2.2');
  assert.equal(admission.admit('192.0.2.3'), 'connections');
  tunnel.setLongLived(false);
  assert.equal(admission.size, 3);
  tunnel.release();
  tunnel.release();
  tunnel.setLongLived(true);
  assert.equal(admission.size, 2);
  assert.equal(admission.admit('192.0.2.3'), 'connections');
});

test('a trusted proxy is exempt only from the limit per client', () => {
  const limits = { connections: 3, connectionsPerClient: 1, openFiles: 99 };
  const admission = new ClientAdmission(limits, trustRanges(['10.0.0.1']));
  for (let count = 0; count < 3; count += 1) admitted(admission, '10.0.0.1');
  assert.equal(admission.admit('10.0.0.1'), 'connections');
});

test('no connection is accepted without a file descriptor for it, long-lived or not', () => {
  const admission = new ClientAdmission({ connections: 9, connectionsPerClient: 9, openFiles: 2 }, nobody);
  admitted(admission, '192.0.2.1').setLongLived(true);
  admitted(admission, '192.0.2.2').setLongLived(true);
  assert.equal(admission.admit('192.0.2.3'), 'openFiles');
});
