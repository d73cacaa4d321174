import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { cut, failing, type PassedRequest, type RequestFault, startFleet, type TestFleet } from '@flotilla/testing';
import { type Answer, asker } from '@flotilla/testing/http';

const holdMs = 1_500;
let fleet: TestFleet;
before(async () => {
  fleet = await startFleet({
    config: new URL('../flotilla.config.ts', import.meta.url),
    faults: ['order-service', 'stock'],
    env: {
      STOCK__HOLD_MS: String(holdMs),
      ORDER_SERVICE__SEED_DEMO_DATA: 'false',
      ORDER_SERVICE__IDEMPOTENCY_CLAIM_MS: '1000',
    },
  });
});
after(() => fleet[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const name of ['order-service', 'stock']) await fleet.faults(name).heal();
});

let keys = 0;
const newKey = (): string => `"key-${(keys += 1)}"`;
const buy = (key: string, changes: object = {}): Promise<Answer> => {
  const body = { user_id: 1, item: 'apple', count: 2, amount: 0.58, ...changes };
  return asker(fleet.url('gateway'))('POST', '/checkouts', body, { 'idempotency-key': key });
};
const left = async (item = 'apple'): Promise<unknown> =>
  (await asker(fleet.url('gateway'))('GET', `/stock/${item}`)).body?.['left'];
/** The orders that stand. */
const orders = async (): Promise<readonly object[]> => {
  const { text } = await asker(fleet.url('order-service'))('GET', '/orders');
  return (JSON.parse(text) as readonly object[]).filter((order) => !('cancelled_at' in order));
};
const codeOf = ({ status, body }: Answer): unknown => [status, body?.['code']];
type Passing = Omit<PassedRequest, 'fault'>;
const isPost = ({ method }: Passing): boolean => method === 'POST';
/** Sends the checkout until it is neither busy nor unfinished, as a client should. */
async function buyAtLast(key: string): Promise<Answer> {
  for (;;) {
    const answer = await buy(key);
    if (
      answer.status === 201 ||
      !['CHECKOUT_UNFINISHED', 'SERVICE_UNAVAILABLE'].includes(String(answer.body?.['code']))
    )
      return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
/** What is there now, and what is there after `work`. */
async function changes(work: () => Promise<void>): Promise<{ readonly left: number; readonly orders: number }> {
  const [leftBefore, ordersBefore] = [Number(await left()), (await orders()).length];
  await work();
  return { left: Number(await left()) - leftBefore, orders: (await orders()).length - ordersBefore };
}

test('a checkout reserves, orders and confirms; sent again, it is the same', async () => {
  const key = newKey();
  const changed = await changes(async () => {
    const first = await buy(key);
    assert.equal(first.status, 201, first.text);
    assert.deepEqual((await buy(key)).body, first.body);
  });
  assert.deepEqual(changed, { left: -2, orders: 1 });
});

test('what is refused is refused with its reason, and nothing is left behind', async () => {
  const changed = await changes(async () => {
    assert.deepEqual(codeOf(await buy(newKey(), { count: 999 })), [409, 'OUT_OF_STOCK']);
    assert.deepEqual(codeOf(await buy(newKey(), { item: 'plum' })), [404, 'ITEM_NOT_FOUND']);
    // The second step is refused, and the first is undone.
    assert.deepEqual(codeOf(await buy(newKey(), { user_id: 99 })), [404, 'USER_NOT_FOUND']);
  });
  assert.deepEqual(changed, { left: 0, orders: 0 });
});

test('a checkout without a key, or with the key of another, is refused', async () => {
  const ask = asker(fleet.url('gateway'));
  const body = { user_id: 1, item: 'apple', count: 1, amount: 1 };
  assert.deepEqual(codeOf(await ask('POST', '/checkouts', body)), [400, 'INVALID_IDEMPOTENCY_KEY']);
  const key = newKey();
  const changed = await changes(async () => {
    assert.equal((await buy(key)).status, 201);
    assert.deepEqual(codeOf(await buy(key, { amount: 0.59 })), [422, 'IDEMPOTENCY_KEY_REUSED']);
    assert.equal((await buy(key)).status, 201, 'the first one stands');
  });
  assert.deepEqual(changed, { left: -2, orders: 1 });
});

for (const [what, service, lost] of [
  ['order', 'order-service', isPost],
  ['reservation', 'stock', ({ method }: Passing) => method === 'PUT'],
  ['confirmation', 'stock', isPost],
] as const) {
  test(`an answer about the ${what} that is lost once is asked for again: one order, one sale`, async () => {
    let times = 0;
    const way = fleet.faults(service);
    const changed = await changes(async () => {
      await way.inject((request: Passing): RequestFault | undefined =>
        lost(request) && (times += 1) === 1 ? cut('answer') : undefined,
      );
      assert.equal((await buyAtLast(newKey())).status, 201);
      await way.heal();
    });
    assert.ok(times >= 2);
    assert.deepEqual(changed, { left: -2, orders: 1 });
  });
}

test('if the confirmation gets no answer, the order is cancelled and the stock is given back', async () => {
  const key = newKey();
  const changed = await changes(async () => {
    await fleet.faults('stock').inject((request) => (isPost(request) ? cut('answer') : undefined));
    assert.deepEqual(codeOf(await buy(key)), [503, 'CHECKOUT_UNDONE']);
    await fleet.faults('stock').heal();
  });
  assert.deepEqual(changed, { left: 0, orders: 0 });
  assert.deepEqual(codeOf(await buy(key)), [409, 'RESERVATION_OVER']);
});

test('if the stock cannot be given back either, the same key undoes the rest, and does not sell a cancelled order', async () => {
  const key = newKey();
  const changed = await changes(async () => {
    await fleet
      .faults('stock')
      .inject(({ method }) => (['POST', 'DELETE'].includes(method) ? failing(503) : undefined));
    const answer = await buy(key);
    assert.deepEqual(codeOf(answer), [503, 'CHECKOUT_UNFINISHED']);
    assert.match(String(answer.body?.['detail']), /"reserve"/);
    await fleet.faults('stock').heal();
    assert.deepEqual(codeOf(await buy(key)), [503, 'CHECKOUT_UNDONE']);
  });
  assert.deepEqual(changed, { left: 0, orders: 0 });
});

test('while order-service is away, it is said that nothing is finished; the reservation expires, or the same key finishes', async () => {
  const [given, kept] = [newKey(), newKey()];
  const before = Number(await left());
  await fleet.faults('order-service').inject(failing(503));
  for (const key of [given, kept]) {
    const answer = await buy(key);
    assert.deepEqual(codeOf(answer), [503, 'CHECKOUT_UNFINISHED']);
    assert.match(String(answer.body?.['detail']), /"place the order"/);
  }
  assert.equal(await left(), before - 4, 'held for now');
  await fleet.faults('order-service').heal();
  const changed = await changes(async () => {
    assert.equal((await buyAtLast(kept)).status, 201);
    while ((await left()) !== before - 2) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  assert.equal(changed.orders, 1);
});

test('a checkout that is killed in the middle: nobody goes on, the reservation expires, and the order stays until the client returns', async () => {
  const key = newKey();
  const before = Number(await left());
  const stock = fleet.faults('stock');
  await stock.inject((request) => (isPost(request) ? failing('hanging') : undefined));
  const changed = await changes(async () => {
    const seen = stock.requests.length;
    const lost = buy(key);
    while (stock.requests.slice(seen).every(({ target }) => !target.endsWith('/confirm')))
      await new Promise((resolve) => setTimeout(resolve, 10));
    await fleet.kill('checkout');
    assert.ok((await lost).status >= 500);
    await stock.heal();
    while ((await left()) !== before) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  // This is what a durable-execution engine would not leave behind.
  assert.deepEqual(changed, { left: 0, orders: 1 });
  await fleet.start('checkout');
  const finished = await changes(async () => assert.equal((await buyAtLast(key)).status, 201));
  assert.deepEqual(finished, { left: -2, orders: 0 });
});
