import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpanTime } from './span-time.ts';

test('times on the wall clock keep their differences, and follow it when it is set', () => {
  let [wallMs, sinceStartMs] = [1_000_000, 0];
  const clock = { now: () => Math.floor(wallMs), monotonicMs: () => sinceStartMs, after: () => ({ cancel() {} }) };
  const time = new SpanTime(clock);
  const first = time.epochMs(sinceStartMs);
  for (let step = 1; step < 1_000; step += 1) {
    wallMs += 0.37;
    sinceStartMs += 0.37;
    assert.ok(Math.abs(time.epochMs(sinceStartMs) - first - step * 0.37) < 1.001);
  }
  // In between, differences are exact: the offset has settled.
  const [one, other] = [time.epochMs(sinceStartMs), time.epochMs(sinceStartMs + 0.1)];
  assert.ok(Math.abs(other - one - 0.1) < 1e-6);
  wallMs += 3_600_000;
  assert.ok(Math.abs(time.epochMs(sinceStartMs) - wallMs) <= 1);
});
