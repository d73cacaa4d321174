import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { PrimaryMessage } from './messages.ts';
import { StateCollection } from './state-collection.ts';
import type { WorkerProcess } from './worker-process.ts';

function worker(number: number): WorkerProcess & { readonly got: PrimaryMessage[] } {
  const got: PrimaryMessage[] = [];
  return { number, pid: undefined, got, send: (message) => void got.push(message), signal: () => undefined };
}

test('the states of all workers are gathered; one that has nothing to say or ends is left out', async () => {
  const states = new StateCollection(new FakeClock());
  const [one, two, three] = [worker(1), worker(2), worker(3)];
  const answered = states.answer(one, 7, [one, two, three]);
  assert.deepEqual(two.got, [{ type: 'state-wanted', id: 1 }]);
  states.take(1, 1, { jobs: 4 });
  states.take(2, 1, null);
  states.forget(3);
  await answered;
  assert.deepEqual(one.got.at(-1), { type: 'gathered', id: 7, states: [{ jobs: 4 }] });
});

test('a worker that does not answer holds nobody up for long, and its late answer is dropped', async () => {
  const clock = new FakeClock();
  const states = new StateCollection(clock);
  const one = worker(1);
  const answered = states.answer(one, 1, [one, worker(2)]);
  states.take(1, 1, 'here');
  clock.advance(1_000);
  await answered;
  assert.deepEqual(one.got.at(-1), { type: 'gathered', id: 1, states: ['here'] });
  states.take(2, 1, 'late');
  const again = states.answer(one, 2, [one]);
  states.take(1, 2, 'again');
  await again;
  assert.deepEqual(one.got.at(-1), { type: 'gathered', id: 2, states: ['again'] });
});
