import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, type Discovery, type ServiceInstance, type ServiceSnapshot } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { createServiceCaller, type ServiceCaller } from './service-caller.ts';

const instance = (id: string, weight = 1): ServiceInstance => ({
  name: 'user-service',
  id,
  address: '127.0.0.1',
  port: 1,
  tags: [],
  metadata: {},
  weight,
  status: 'passing',
  lease_ms: 60_000,
  last_seen: '2026-01-01T00:00:00.000Z',
  registered_at: '2026-01-01T00:00:00.000Z',
  revision: 1,
});

/** A registry that has said what is given; with `undefined` it never says anything. */
function fakeDiscovery(instances: readonly ServiceInstance[] | undefined): Discovery {
  const snapshot = (service: string): ServiceSnapshot => ({
    service,
    state: instances === undefined ? 'unknown' : 'fresh',
    revision: 1,
    instances: instances ?? [],
  });
  return {
    snapshot,
    watch: () => () => {},
    whenKnown: (_service, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    close: async () => {},
  };
}

function callerOf(
  instances: readonly ServiceInstance[] | undefined,
  clock: FakeClock = new FakeClock(),
): ServiceCaller {
  return createServiceCaller({
    discovery: fakeDiscovery(instances),
    clock,
    service: 'user-service',
    unavailable: 'USER_SERVICE_UNAVAILABLE',
  });
}

const unavailable = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'USER_SERVICE_UNAVAILABLE' && error.retryAfterMs === 1_000;

test('an instance that fails is passed over for another', async () => {
  const caller = callerOf([instance('a'), instance('b')]);
  for (const _ of ['first call', 'second call']) {
    const tried: string[] = [];
    const answer = await caller.call(async ({ id }) => {
      tried.push(id);
      if (id === 'a') throw new AppError('SERVICE_UNAVAILABLE');
      return id;
    });
    assert.equal(answer, 'b');
    assert.equal(tried.at(-1), 'b');
  }
});

test('calls take turns between the instances', async () => {
  const caller = callerOf([instance('a'), instance('b'), instance('c')]);
  const answers: string[] = [];
  for (let i = 0; i < 6; i += 1) answers.push(await caller.call(async ({ id }) => id));
  assert.deepEqual(answers.toSorted(), ['a', 'a', 'b', 'b', 'c', 'c']);
});

test('an instance of weight 0 is the last resort', async () => {
  const caller = callerOf([instance('a', 0), instance('b')]);
  for (let i = 0; i < 3; i += 1) assert.equal(await caller.call(async ({ id }) => id), 'b');
});

test("an answer is an answer, also one that says no, and a programmer's mistake is not hidden", async () => {
  for (const error of [new AppError('USER_NOT_FOUND'), new TypeError('x is undefined')]) {
    let attempts = 0;
    const call = callerOf([instance('a'), instance('b')]).call(async () => {
      attempts += 1;
      throw error;
    });
    await assert.rejects(call, error);
    assert.equal(attempts, 1);
  }
});

test('when no instance answers, the call fails as unavailable and says when to come back', async () => {
  let attempts = 0;
  const call = callerOf(['a', 'b', 'c', 'd', 'e'].map((id) => instance(id))).call(async () => {
    attempts += 1;
    throw new AppError('GATEWAY_TIMEOUT');
  });
  await assert.rejects(call, unavailable);
  assert.equal(attempts, 3);
});

test('no registered instance is answered at once', async () => {
  await assert.rejects(
    callerOf([]).call(async () => 1),
    unavailable,
  );
});

test('a registry that says nothing is waited for, but not longer than the deadline', async () => {
  const clock = new FakeClock();
  const call = callerOf(undefined, clock).call(async () => 1);
  const rejected = assert.rejects(call, unavailable);
  assert.deepEqual(clock.pendingDelaysMs, [2_000]);
  clock.advance(2_000);
  await rejected;
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('the last attempt gets no more time than is left', async () => {
  const clock = new FakeClock();
  const limits: number[] = [];
  const call = callerOf([instance('a'), instance('b'), instance('c')], clock).call(async (_instance, { timeoutMs }) => {
    limits.push(timeoutMs);
    clock.advance(timeoutMs);
    throw new AppError('GATEWAY_TIMEOUT');
  });
  await assert.rejects(call, unavailable);
  assert.deepEqual(limits, [800, 800, 400]);
});
