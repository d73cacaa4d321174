import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareKeys, isInRange } from '../record/key-order.ts';
import { SortedKeys } from './sorted-keys.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\ue000', '😀'), maxLength: 4 });
const step = fc.record({ do: fc.constantFrom('put', 'put', 'delete'), key });

test('it holds what was put and not deleted, in order, and gives any range of it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), key, fc.option(key, { nil: undefined }), (steps, from, to) => {
      const sorted = new SortedKeys<{ key: string; at: number }>();
      const known = new Map<string, number>();
      for (const [at, step] of steps.entries()) {
        if (step.do === 'put') sorted.put({ key: step.key, at });
        else sorted.delete(step.key);
        if (step.do === 'put') known.set(step.key, at);
        else known.delete(step.key);
      }
      const expected = [...known]
        .map(([name, at]) => ({ key: name, at }))
        .filter((entry) => isInRange(entry.key, from, to))
        .sort((a, b) => compareKeys(a.key, b.key));
      assert.deepEqual([...sorted.range(from, to)], expected);
      assert.equal(sorted.size, known.size);
    }),
  );
});

test('it stays in order over many blocks, filled from any side and emptied', () => {
  const names = Array.from({ length: 3_000 }, (_, index) => `key/${String((index * 7_919) % 3_000).padStart(4, '0')}`);
  const sorted = new SortedKeys<{ key: string }>();
  for (const name of names) sorted.put({ key: name });
  assert.deepEqual(
    [...sorted.range('')].map((entry) => entry.key),
    names.toSorted(),
  );
  assert.equal([...sorted.range('key/1000', 'key/2000')].length, 1_000);
  for (const name of names.slice(0, 2_900)) sorted.delete(name);
  assert.deepEqual(
    [...sorted.range('')].map((entry) => entry.key),
    names.slice(2_900).sort(),
  );
  sorted.clear();
  assert.deepEqual([[...sorted.range('')], sorted.size], [[], 0]);
});
