import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJson } from './read-json.ts';

test('a value comes with its text, without a byte order mark', () => {
  assert.deepEqual(readJson(Buffer.from('\ufeff{"a":[1]}')), { ok: true, value: { a: [1] }, text: '{"a":[1]}' });
  assert.deepEqual(readJson(Buffer.from('xx[2]').subarray(2)), { ok: true, value: [2], text: '[2]' });
});

test('a value that is too deep is refused where it gets too deep, without building a tree', () => {
  const nested = Buffer.from('['.repeat(500_000) + ']'.repeat(500_000));
  assert.deepEqual(readJson(nested), { ok: false, problem: 'too-deep', at: 64 });
  assert.deepEqual(readJson(Buffer.from('[[[]]]'), 2), { ok: false, problem: 'too-deep', at: 2 });
  assert.deepEqual(readJson(Buffer.from('{"a"')), { ok: false, problem: 'not-json', at: 4 });
});
