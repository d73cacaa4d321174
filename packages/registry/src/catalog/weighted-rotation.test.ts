import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pickWeighted } from './weighted-rotation.ts';

const items = (weights: readonly number[]): { record: { weight: number }; credit: number; index: number }[] =>
  weights.map((weight, index) => ({ record: { weight }, credit: 0, index }));

test('spreads a heavy item evenly instead of in a row', () => {
  const list = items([5, 1, 1]);
  assert.deepEqual(
    Array.from({ length: 7 }, () => pickWeighted(list)?.index),
    [0, 0, 1, 0, 2, 0, 0],
  );
});

test('over one round of all weights each item comes up exactly as often as its weight says', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }), (weights) => {
      const list = items(weights);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      // Without any weight they take turns.
      const expected = total === 0 ? weights.map(() => 1) : weights;
      const counts = weights.map(() => 0);
      for (let turn = 0; turn < (total === 0 ? weights.length : total); turn += 1) {
        const index = pickWeighted(list)?.index ?? -1;
        counts[index] = (counts[index] ?? 0) + 1;
      }
      assert.deepEqual(counts, expected);
    }),
  );
});

test('gives nothing of nothing', () => {
  assert.equal(pickWeighted([]), undefined);
});
