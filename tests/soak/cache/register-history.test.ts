import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RegisterHistory } from './register-history.ts';

test('a read that begins after an acknowledged write must find it, or something newer', () => {
  const history = new RegisterHistory('a');
  const first = history.beginWrite();
  history.beginRead('r')(0);
  const early = history.beginRead('r');
  history.acknowledge(first);
  early(0);
  assert.deepEqual(history.findings, []);
  history.beginRead('r')(0);
  assert.match(history.findings.join(), /read 0 of a, but 1 was acknowledged/);
  history.beginRead('r')(2);
  assert.match(history.findings.join(), /read 2 of a, which nobody wrote/);
});

test('a read that finds less than an earlier one is told apart', () => {
  const history = new RegisterHistory('a');
  const value = history.beginWrite();
  const during = history.beginRead('r');
  assert.equal(history.beginRead('r')(value), false);
  assert.equal(during(0), false, 'it had begun before');
  assert.equal(history.beginRead('r')(0), true);
  assert.deepEqual(history.findings, []);
});
