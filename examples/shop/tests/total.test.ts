import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type FakeUpstream, failing, fakeUpstream, startFleet, type TestFleet } from '@flotilla/testing';
import { type Answer, asker } from '@flotilla/testing/http';

const config = new URL('../flotilla.config.ts', import.meta.url);
const env = { CHECKOUT__TOTAL_PAGE_SIZE: '2', CHECKOUT__TOTAL_DEADLINE_MS: '500' };

const total = (fleet: TestFleet): Promise<Answer> => asker(fleet.url('gateway'))('GET', '/users/1/total');
const isAway = ({ status, body, headers }: Answer): void => {
  assert.deepEqual([status, body?.['code']], [503, 'ORDER_SERVICE_UNAVAILABLE']);
  assert.ok(Number(headers.get('retry-after')) > 0);
  assert.equal(body?.['amount'], undefined, 'no part of a sum');
};

test('the sum over all pages is exact to the cent, also if order-service is killed and started again while it is read', async () => {
  await using fleet = await startFleet({
    config,
    only: ['gateway', 'user-service', 'order-service', 'checkout'],
    faults: ['order-service'],
    env: { ...env, CHECKOUT__TOTAL_DEADLINE_MS: '20000', ORDER_SERVICE__SEED_DEMO_DATA: 'false' },
  });
  const orders = asker(fleet.url('order-service'));
  // As doubles, these are 0.7999999999999999.
  for (const amount of [0.1, 0.7, 999_999_999_999.99, 0.01, 19.99])
    assert.equal((await orders('POST', '/orders', { user_id: 1, item: 'Tea', amount })).status, 201);
  const whole = { user_id: 1, orders: 5, amount: 1_000_000_000_020.79 };
  assert.deepEqual((await total(fleet)).body, whole);

  const way = fleet.faults('order-service');
  const seen = way.requests.length;
  // Held at the second page until the service has been restarted.
  await way.inject((_request, index) => (index === 0 ? undefined : failing('hanging')));
  const asked = total(fleet);
  while (way.requests.length < seen + 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await fleet.kill('order-service');
  await way.heal();
  await fleet.start('order-service');
  assert.deepEqual((await asked).body, whole);
});

let orders: FakeUpstream;
let fleet: TestFleet;
before(async () => {
  orders = await fakeUpstream();
  fleet = await startFleet({ config, only: ['gateway', 'checkout'], fakes: { 'order-service': orders }, env });
});
after(async () => {
  await fleet[Symbol.asyncDispose]();
  await orders[Symbol.asyncDispose]();
});
beforeEach(() => orders.forgetRequests());

const order = (amount: number, more: object = {}): object => ({ id: 1, user_id: 1, item: 'Tea', amount, ...more });
/** Answers with these pages, one after the other. */
function pages(...all: readonly (readonly object[])[]): void {
  orders.on('GET /orders', ({ query }) => {
    const index = Number(query.get('cursor') ?? 0);
    const link = `</orders?user_id=1&limit=2&cursor=${index + 1}>; rel="next"`;
    return { ...(index + 1 < all.length ? { headers: { link } } : {}), body: all[index] };
  });
}

test('cancelled orders do not count, and fields that are not known do not matter', async () => {
  pages(
    [order(0.1, { note: 'new' }), order(5, { cancelled_at: '2026-01-01T00:00:00.000Z' })],
    [order(0.2, { cancelled_at: null }), order(0.3)],
  );
  assert.deepEqual((await total(fleet)).body, { user_id: 1, orders: 3, amount: 0.6 });
});

test('nobody has ordered nothing', async () => {
  pages([]);
  assert.deepEqual((await total(fleet)).body, { user_id: 1, orders: 0, amount: 0 });
});

for (const [what, answer] of [
  ['fails', { status: 500 }],
  ['is not JSON', { body: 'oops' }],
  ['has an amount that is none', { body: [order(0.123)] }],
  ['has no amounts', { body: [{ id: 1 }] }],
  ['leads elsewhere', { body: [order(1)], headers: { link: '<http://127.0.0.1:1/orders?a>; rel="next"' } }],
  ['takes too long', { body: [order(1)], delayMs: 60_000 }],
] as const) {
  test(`if the second page ${what}, there is an error in time, and never a part of the sum`, async () => {
    const first = { body: [order(1)], headers: { link: '</orders?user_id=1&limit=2&cursor=1>; rel="next"' } };
    orders.on('GET /orders', ({ query }) => (query.has('cursor') ? answer : first));
    const startMs = performance.now();
    isAway(await total(fleet));
    assert.ok(performance.now() - startMs < 5_000);
  });
}

test('a page that is missed once is asked for again', async () => {
  orders.on('GET /orders', [{ status: 503 }, { status: 503 }, { status: 503 }, { status: 503 }, { body: [order(1)] }]);
  assert.deepEqual((await total(fleet)).body, { user_id: 1, orders: 1, amount: 1 });
});

test('while order-service is away, there is an error', async () => {
  await orders[Symbol.asyncDispose]();
  isAway(await total(fleet));
});
