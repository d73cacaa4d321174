import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { endpointAt } from '../list/place.ts';
import { ForgottenInstances, type Remembered } from './forgotten-instances.ts';

const [a, b] = [1, 2].map((port) => endpointAt({ address: '10.0.0.1', port }));
assert.ok(a !== undefined && b !== undefined);

function told({ endpoints, state }: Remembered): string {
  return `${state}: ${endpoints.map(({ port }) => port).join()}`;
}

test('while the count grows, or stays, what is shown is what there is', () => {
  const memory = new ForgottenInstances(new FakeClock(), 90_000);
  assert.equal(told(memory.next([a, b], 7n)), 'fresh: 1,2');
  assert.equal(told(memory.next([b], 8n)), 'fresh: 2');
  assert.equal(told(memory.next([], 8n)), 'fresh: ');
});

test('after the count went back, missing instances stay in use, stale, until they are back', () => {
  const memory = new ForgottenInstances(new FakeClock(), 90_000);
  memory.next([a, b], 300n);
  assert.equal(told(memory.next([], 12n)), 'stale: 1,2');
  assert.equal(told(memory.next([b], 13n)), 'stale: 2,1');
  assert.equal(told(memory.next([a, b], 14n)), 'fresh: 1,2');
  // From then on a removal is believed again.
  assert.equal(told(memory.next([a], 15n)), 'fresh: 1');
});

test('an instance that does not come back in time is gone', () => {
  const clock = new FakeClock();
  const memory = new ForgottenInstances(clock, 90_000);
  memory.next([a, b], 300n);
  memory.next([b], 12n);
  clock.advance(89_000);
  assert.equal(told(memory.next([b], 12n)), 'stale: 2,1');
  clock.advance(1_000);
  assert.equal(told(memory.next([b], 12n)), 'fresh: 2');
});

test('after it could not be asked, missing instances stay in use, from its first answer on', () => {
  const clock = new FakeClock();
  const memory = new ForgottenInstances(clock, 10_000);
  memory.next([a, b]);
  memory.doubt();
  clock.advance(60_000);
  assert.equal(told(memory.next([])), 'stale: 1,2');
  clock.advance(9_999);
  assert.equal(told(memory.next([a])), 'stale: 1,2');
  clock.advance(1);
  assert.equal(told(memory.next([a])), 'fresh: 1');
  // What was said all along is believed again.
  assert.equal(told(memory.next([])), 'fresh: ');
});
