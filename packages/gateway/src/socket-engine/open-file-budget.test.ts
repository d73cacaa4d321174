import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultEngineLimits } from '../config/limits.ts';
import { openFileBudget } from './open-file-budget.ts';

const limits = { ...defaultEngineLimits, connections: 100, longLived: 50, connectionsPerUpstream: 20 };

for (const [what, openFiles, expected] of [
  ['unknown: the limits alone count', undefined, [150, Number.POSITIVE_INFINITY, undefined]],
  ['enough: what is left is for upstreams', 1_000, [150, 754, undefined]],
  ['just enough', 316, [150, 70, undefined]],
  ['too few: half is kept for upstreams', 315, [109, 109, 316]],
  ['far too few: there is one of each all the same', 60, [1, 1, 316]],
] as const) {
  test(`the number of open files is ${what}`, () => {
    const { clients, upstreams, needed } = openFileBudget(limits, openFiles);
    assert.deepEqual([clients, upstreams, needed], expected);
  });
}
