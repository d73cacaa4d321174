import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from './backoff.ts';

test('the longest wait doubles up to the cap, and starts over after a reset', () => {
  const backoff = new Backoff({ firstMs: 100, maxMs: 1_000, random: () => 1 });
  const five = (): number[] => Array.from({ length: 5 }, () => backoff.nextDelayMs());
  assert.deepEqual(five(), [100, 200, 400, 800, 1_000]);
  assert.deepEqual(five(), [1_000, 1_000, 1_000, 1_000, 1_000]);
  backoff.reset();
  assert.equal(backoff.nextDelayMs(), 100);
});

test('the wait is spread evenly from zero to the longest', () => {
  const draws = [0, 0.5, 0.999];
  const backoff = new Backoff({ firstMs: 1_000, maxMs: 1_000, random: () => draws.shift() ?? 0 });
  assert.deepEqual([backoff.nextDelayMs(), backoff.nextDelayMs(), backoff.nextDelayMs()], [0, 500, 999]);
});
