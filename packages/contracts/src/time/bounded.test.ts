import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { bounded } from './bounded.ts';

test('reports how a step ended, and leaves no timer behind', async () => {
  const clock = new FakeClock();
  const error = new Error('x');
  assert.deepEqual(await bounded(clock, 10, () => undefined), { kind: 'done' });
  assert.deepEqual(await bounded(clock, 10, () => Promise.reject(error)), { kind: 'failed', error });
  const throwing = (): never => {
    throw error;
  };
  assert.deepEqual(await bounded(clock, 10, throwing), { kind: 'failed', error });
  const late = bounded(clock, 10, () => new Promise(() => undefined));
  await clock.advanceAsync(10);
  assert.deepEqual(await late, { kind: 'timeout', limitMs: 10 });
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('a step that obeys its signal has still timed out', async () => {
  const clock = new FakeClock();
  const heeding = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const late = bounded(clock, 10, heeding);
  await clock.advanceAsync(10);
  assert.deepEqual(await late, { kind: 'timeout', limitMs: 10 });
});
