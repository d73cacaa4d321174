import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineTap } from './line-tap.ts';

test('lines without a taker are kept for the first, up to a bound, and come in order', () => {
  const tap = new LineTap();
  for (let line = 0; line < 1_500; line += 1) tap.put(String(line));
  const taken: string[] = [];
  tap.open((line) => taken.push(line));
  tap.put('now');
  assert.deepEqual([taken.length, taken[0], taken[999], taken[1_000]], [1_001, '0', '999', 'now']);
});

test('a closed tap keeps nothing', () => {
  const tap = new LineTap();
  tap.put('early');
  tap.close();
  tap.put('late');
  const taken: string[] = [];
  tap.open((line) => taken.push(line));
  assert.deepEqual(taken, []);
});
