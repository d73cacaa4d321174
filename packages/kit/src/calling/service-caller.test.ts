import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeDiscovery, type FakeEndpoint } from '@flotilla/conformance';
import { AppError, defineErrors, isAppError } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { createServiceCaller, type ServiceCaller } from './service-caller.ts';

const shopErrors = defineErrors('shop-service', {
  SHOP_AWAY: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The shop is not available', 'zh-CN': '商店服务不可用' },
    cause: 'Of a test.',
    action: 'Nothing.',
  },
});

const instance = (id: string, weight = 1): FakeEndpoint => ({ id, weight, address: '127.0.0.1', port: 1 });

/** A caller for a service of which the registry has said what is given; with `undefined` it has said nothing yet. */
function callerOf(instances: readonly FakeEndpoint[] | undefined, clock: FakeClock = new FakeClock()): ServiceCaller {
  const discovery = new FakeDiscovery();
  if (instances !== undefined) discovery.set('shop-service', instances);
  return createServiceCaller({ discovery, clock, service: 'shop-service', unavailable: shopErrors.SHOP_AWAY });
}

const unavailable = (error: unknown): boolean =>
  isAppError(error, shopErrors.SHOP_AWAY) && error.retryAfterMs === 1_000;

test('if an instance fails, another one is called', async () => {
  const caller = callerOf([instance('a'), instance('b')]);
  for (const _ of ['first call', 'second call']) {
    const tried: string[] = [];
    const answer = await caller.call(async ({ id }) => {
      tried.push(id);
      if (id === 'a') throw new AppError('STORAGE_UNAVAILABLE');
      return id;
    });
    assert.equal(answer, 'b');
    assert.equal(tried.at(-1), 'b');
  }
});

test('calls rotate among the instances', async () => {
  const caller = callerOf([instance('a'), instance('b'), instance('c')]);
  const answers: string[] = [];
  for (let i = 0; i < 6; i += 1) answers.push(await caller.call(async ({ id }) => id));
  assert.deepEqual(answers.toSorted(), ['a', 'a', 'b', 'b', 'c', 'c']);
});

test('an instance with weight 0 is the last resort', async () => {
  const caller = callerOf([instance('a', 0), instance('b')]);
  for (let i = 0; i < 3; i += 1) assert.equal(await caller.call(async ({ id }) => id), 'b');
});

test('an answer counts even if it is a refusal, and a programming error is not hidden', async () => {
  for (const error of [new AppError('NOT_FOUND'), new TypeError('x is undefined')]) {
    let attempts = 0;
    const call = callerOf([instance('a'), instance('b')]).call(async () => {
      attempts += 1;
      throw error;
    });
    await assert.rejects(call, error);
    assert.equal(attempts, 1);
  }
});

test('if no instance answers, the call fails as unavailable, with a time to retry', async () => {
  let attempts = 0;
  const call = callerOf(['a', 'b', 'c', 'd', 'e'].map((id) => instance(id))).call(async () => {
    attempts += 1;
    throw new AppError('STORAGE_UNAVAILABLE');
  });
  await assert.rejects(call, unavailable);
  assert.equal(attempts, 3);
});

test('without a registered instance, the call fails at once', async () => {
  await assert.rejects(
    callerOf([]).call(async () => 1),
    unavailable,
  );
});

test('a silent registry is waited for, but not beyond the deadline', async () => {
  const clock = new FakeClock();
  const call = callerOf(undefined, clock).call(async () => 1);
  const rejected = assert.rejects(call, unavailable);
  assert.deepEqual(clock.pendingDelaysMs, [2_000]);
  clock.advance(2_000);
  await rejected;
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('the last attempt gets only the remaining time', async () => {
  const clock = new FakeClock();
  const limits: number[] = [];
  const call = callerOf([instance('a'), instance('b'), instance('c')], clock).call(async (_instance, { timeoutMs }) => {
    limits.push(timeoutMs);
    clock.advance(timeoutMs);
    throw new AppError('STORAGE_UNAVAILABLE');
  });
  await assert.rejects(call, unavailable);
  assert.deepEqual(limits, [800, 800, 400]);
});

test('its check fails while no instance is known, and tells whether the registry or the service is missing', () => {
  callerOf([instance('a')]).check();
  assert.throws(() => callerOf([]).check(), /no instance of shop-service is registered/);
  assert.throws(() => callerOf(undefined).check(), /the registry has not answered yet/);
});
