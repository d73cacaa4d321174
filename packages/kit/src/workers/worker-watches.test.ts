import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { WorkerProcess } from './worker-process.ts';
import { WorkerWatches } from './worker-watches.ts';

/** Watches with workers that answer while they are in `living`. */
function setUp() {
  const clock = new FakeClock();
  const hung: number[] = [];
  const living = new Set<number>();
  const watches = new WorkerWatches({ clock, env: {}, onHung: ({ number }) => hung.push(number) });
  const worker = (number: number): WorkerProcess => {
    living.add(number);
    const it: WorkerProcess = {
      number,
      pid: undefined,
      send: () => void (living.has(number) && watches.answered(it)),
      signal: () => undefined,
    };
    return it;
  };
  return { clock, hung, living, watches, worker };
}

test('of several workers, an unresponsive one is reported once', async () => {
  const { clock, hung, living, watches, worker } = setUp();
  watches.begin(worker(1), 30_000);
  watches.begin(worker(2), 30_000);
  await clock.advanceAsync(60_000);
  living.delete(2);
  await clock.advanceAsync(25_000);
  assert.deepEqual(hung, []);
  await clock.advanceAsync(60_000);
  assert.deepEqual(hung, [2]);
});

test('a worker that ended is not asked again, and without a limit none is asked', async () => {
  const { clock, hung, living, watches, worker } = setUp();
  const [ended, unwatched] = [worker(1), worker(2)];
  watches.begin(ended, 30_000);
  watches.begin(unwatched, 0);
  living.clear();
  watches.end(ended);
  await clock.advanceAsync(120_000);
  assert.deepEqual(hung, []);
  assert.deepEqual(clock.pendingDelaysMs, []);
});
