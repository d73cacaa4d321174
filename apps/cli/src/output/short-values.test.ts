import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortSize, shortTime } from './short-values.ts';

test('durations and sizes are easy to read', () => {
  assert.deepEqual([0, 59_999, 60_000, 3_600_000, 90_000_000].map(shortTime), ['0 s', '59 s', '1 min', '1 h', '1 d']);
  assert.deepEqual([310_185_984, 999_400_000, 999_600_000].map(shortSize), ['310 MB', '999 MB', '1.0 GB']);
});
