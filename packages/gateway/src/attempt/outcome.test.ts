import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialFailure } from './outcome.ts';

const failing = (code: string): Error => Object.assign(new Error(code), { code });

for (const [code, address, kind] of [
  ['EMFILE', '10.0.0.1', 'exhausted'],
  ['ENFILE', '10.0.0.1', 'exhausted'],
  ['ENOBUFS', 'fd00::1', 'exhausted'],
  ['ENOMEM', '10.0.0.1', 'exhausted'],
  ['EADDRNOTAVAIL', '10.0.0.1', 'exhausted'],
  ['EADDRNOTAVAIL', 'fd00::1', 'refused'],
  ['ECONNREFUSED', '10.0.0.1', 'refused'],
  ['EHOSTUNREACH', '10.0.0.1', 'refused'],
  ['ENOTFOUND', 'host.example', 'refused'],
] as const) {
  test(`a connection to ${address} that fails with ${code} is ${kind}`, () => {
    assert.equal(dialFailure(address, failing(code)).kind, kind);
  });
}

test('a connection that closes without an answer is refused', () => {
  assert.equal(dialFailure('10.0.0.1', undefined).kind, 'refused');
});
