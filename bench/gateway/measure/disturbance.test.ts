import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTicks } from './disturbance.ts';

test("the machine's busy and stolen ticks are read, but not idle and waiting ones", () => {
  const system = 'cpu  100 20 30 9000 800 4 5 6 70 7\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  const self = '1 (node (x)) R 0 1 1 0 -1 0 0 0 0 0 10 20 300 4000 20 0 11 0 9999';
  assert.deepEqual(parseTicks(system, self), { busy: 159, stolen: 6, own: 4_330 });
});
