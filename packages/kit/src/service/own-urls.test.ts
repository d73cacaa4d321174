import assert from 'node:assert/strict';
import { test } from 'node:test';
import { livenessUrl } from './own-urls.ts';

test('a program is probed where it listens; if it listens everywhere, on loopback', () => {
  const urlOf = (address: string): string => livenessUrl({ address, port: 8001 });
  assert.equal(urlOf('0.0.0.0'), 'http://127.0.0.1:8001/livez');
  assert.equal(urlOf('::'), 'http://[::1]:8001/livez');
  assert.equal(urlOf('10.0.0.5'), 'http://10.0.0.5:8001/livez');
  assert.equal(urlOf('fe80::1%eth0'), 'http://[fe80::1%25eth0]:8001/livez');
});
