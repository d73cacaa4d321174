import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barOf, ticksOf } from './time-scale.ts';

test('a bar lies where its span was', () => {
  const shown = { fromMs: 0, toMs: 200 };
  assert.deepEqual(barOf(50, 100, shown), { leftPercent: 25, widthPercent: 50, isOutside: false });
  assert.deepEqual(barOf(200, 0, shown), { leftPercent: 100, widthPercent: 0, isOutside: false });
});

test('a bar is cut where the shown part ends', () => {
  const shown = { fromMs: 100, toMs: 200 };
  assert.deepEqual(barOf(50, 100, shown), { leftPercent: 0, widthPercent: 50, isOutside: false });
  assert.deepEqual(barOf(0, 1000, shown), { leftPercent: 0, widthPercent: 100, isOutside: false });
  assert.equal(barOf(0, 50, shown).isOutside, true);
  assert.equal(barOf(300, 50, shown).isOutside, true);
});

test('a trace of no length has bars all the same', () => {
  const bar = barOf(0, 0, { fromMs: 0, toMs: 0 });
  assert.ok(Number.isFinite(bar.leftPercent) && Number.isFinite(bar.widthPercent));
  assert.deepEqual(ticksOf({ fromMs: 0, toMs: 0 }), [0]);
});

test('the ruler has few marks, at round numbers', () => {
  assert.deepEqual(ticksOf({ fromMs: 0, toMs: 43 }), [0, 10, 20, 30, 40]);
  assert.deepEqual(ticksOf({ fromMs: 0, toMs: 0.43 }), [0, 0.1, 0.2, 0.3, 0.4]);
  assert.deepEqual(ticksOf({ fromMs: 1010, toMs: 1990 }), [1200, 1400, 1600, 1800]);
  for (const toMs of [0.001, 7, 99, 12_345, 9e6]) assert.ok(ticksOf({ fromMs: 0, toMs }).length <= 7, String(toMs));
});
