import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WeightedRotation } from './weighted-rotation.ts';

function rotationOf(weights: Readonly<Record<string, number>>, phase?: () => number): WeightedRotation<string> {
  const rotation = new WeightedRotation<string>(phase);
  for (const [name, weight] of Object.entries(weights)) rotation.set(name, weight);
  return rotation;
}

function turns(rotation: WeightedRotation<string>, count: number): string {
  return Array.from({ length: count }, () => rotation.next() ?? '-').join('');
}

const anyWeights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });
const anyPhases = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 8, maxLength: 8 });

test('items of equal weight take turns in the order in which they joined', () => {
  assert.equal(turns(rotationOf({ a: 1, b: 1, c: 1 }), 6), 'abcabc');
});

test('a heavier item comes up more often, but not all at once', () => {
  assert.equal(turns(rotationOf({ a: 3, b: 1 }), 8), 'aabaaaba');
});

test('in each round, every item comes up exactly as often as its weight, wherever they begin', () => {
  fc.assert(
    fc.property(anyWeights, anyPhases, (weights, phases) => {
      let phase = 0;
      const rotation = rotationOf(Object.fromEntries(weights.map((weight, at) => [`i${at}`, weight])), () => {
        phase += 1;
        return phases[phase - 1] ?? 0;
      });
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (let round = 0; round < 3; round += 1) {
        const counts = Map.groupBy(
          Array.from({ length: total }, () => rotation.next()),
          (name) => name,
        );
        assert.deepEqual(
          weights.map((_, at) => counts.get(`i${at}`)?.length),
          weights,
        );
      }
    }),
  );
});

test('at any time, each item has had its share of the turns, give or take one, if weights are similar', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(100), anyPhases, (count, picks, phases) => {
      const names = Array.from({ length: count }, (_, at) => `i${at}`);
      let phase = 0;
      const rotation = rotationOf(Object.fromEntries(names.map((name) => [name, 7])), () => phases[phase++ % 8] ?? 0);
      const had = new Map<string, number>(names.map((name) => [name, 0]));
      for (let pick = 0; pick < picks; pick += 1) {
        const name = rotation.next() ?? '';
        had.set(name, (had.get(name) ?? 0) + 1);
      }
      assert.ok(Math.max(...had.values()) - Math.min(...had.values()) <= 1);
    }),
  );
});

test('a new item waits for its turn; the others keep theirs', () => {
  const rotation = rotationOf({ a: 1, b: 1 });
  assert.equal(turns(rotation, 1), 'a');
  rotation.set('c', 1);
  assert.equal(turns(rotation, 3), 'bca');
});

test('an item that joins late does not catch up', () => {
  const rotation = rotationOf({ a: 1, b: 1 });
  turns(rotation, 1_001);
  rotation.set('c', 1);
  const next = turns(rotation, 30);
  assert.equal([...next].filter((name) => name === 'c').length, 10);
  assert.doesNotMatch(next, /cc/);
});

test('a change of weight takes effect at once', () => {
  const rotation = rotationOf({ a: 1, b: 1 });
  turns(rotation, 10);
  rotation.set('a', 3);
  const next = turns(rotation, 40);
  assert.equal([...next].filter((name) => name === 'a').length, 30);
});

test('excluded items keep their turn; if none is left, the result is undefined', () => {
  const rotation = rotationOf({ a: 1, b: 1, c: 1 });
  assert.equal(rotation.next(['a']), 'b');
  assert.equal(rotation.next(['a', 'b']), 'c');
  assert.equal(rotation.next(['a', 'b', 'c']), undefined);
  assert.equal(turns(rotation, 4), 'aabc');
});

test('a removed item does not come up again, and removing it twice is harmless', () => {
  const rotation = rotationOf({ a: 1, b: 1 });
  rotation.delete('a');
  rotation.delete('a');
  assert.equal(turns(rotation, 3), 'bbb');
  assert.equal(rotation.size, 1);
  rotation.delete('b');
  assert.equal(rotation.next(), undefined);
});
