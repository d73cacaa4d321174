import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError, systemClock as clock } from '@flotilla/contracts';
import { type Database, openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { type Answer, type ServedApp, serveApp } from '@flotilla/testing/http';
import { type UserClient, userErrors } from '@flotilla/user-contract';
import { orderService } from '../orders.ts';
import { type OrderFeed, orderDatabase, orderStore } from '../store/orders.ts';
import { addOrderRoutes } from './order-routes.ts';

const events: OrderFeed = { add: async () => undefined, attribute: () => undefined };
let usersAway = false;
const users: Pick<UserClient, 'find'> = {
  async find(id) {
    if (usersAway) throw new AppError(userErrors.USER_SERVICE_UNAVAILABLE, { retryAfterMs: 1_000 });
    return id <= 2 ? { id, name: 'A', email: 'a@example.com' } : undefined;
  },
};
let database: Database<unknown>;
let served: ServedApp;
let ask: ServedApp['ask'];
before(async () => {
  database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase, seed: orderDatabase.demoData });
  const parts = { database, clock, keys: idempotencyKeys({ database }), events, users };
  served = await serveApp((app) => addOrderRoutes(app, orderService(parts)));
  ask = served.ask;
});
after(async () => {
  await served.close();
  await database.close();
});

const first = { id: 1, user_id: 1, item: '商品A', amount: 100 };
const second = { id: 2, user_id: 1, item: '商品B', amount: 200 };
const third = { id: 3, user_id: 2, item: '商品C', amount: 150 };

test("the tutorial's paths return its orders", async () => {
  assert.deepEqual((await ask('GET', '/order?id=1')).body, first);
  assert.deepEqual((await ask('GET', '/orders?user_id=1')).body, [first, second]);
  assert.deepEqual((await ask('GET', '/orders?user_id=2')).body, [third]);
  const none = await ask('GET', '/orders?user_id=9');
  assert.equal(none.status, 200);
  assert.deepEqual(none.body, []);
});

for (const [target, status, code, field] of [
  ['/order', 400, 'INVALID_ORDER_ID', '?id'],
  ['/order?id=', 400, 'INVALID_ORDER_ID', '?id'],
  ['/order?id=x', 400, 'INVALID_ORDER_ID', '?id'],
  ['/order?id=1.5', 400, 'INVALID_ORDER_ID', '?id'],
  ['/order?id=1&id=1', 400, 'INVALID_ORDER_ID', '?id'],
  ['/orders/abc', 400, 'INVALID_ORDER_ID', '{id}'],
  ['/orders?user_id=', 400, 'INVALID_USER_ID', '?user_id'],
  ['/orders?user_id=x', 400, 'INVALID_USER_ID', '?user_id'],
  ['/orders?user_id=1&user_id=2', 400, 'INVALID_USER_ID', '?user_id'],
  ['/orders?userid=1', 400, 'INVALID_REQUEST', '?userid'],
  ['/orders?limit=1001', 400, 'INVALID_REQUEST', '?limit'],
  ['/orders?cursor=%20', 400, 'INVALID_REQUEST', '?cursor'],
  ['/order?id=99', 404, 'ORDER_NOT_FOUND', undefined],
  ['/orders/99', 404, 'ORDER_NOT_FOUND', undefined],
] as const) {
  test(`GET ${target} is ${status} ${code}`, async () => {
    const answer = await ask('GET', target);
    assert.equal(answer.status, status);
    assert.equal(answer.body?.['code'], code);
    if (field !== undefined) assert.ok(answer.fields.includes(field), JSON.stringify(answer.body));
  });
}

test('other methods are 405 with Allow, and messages exist in Chinese', async () => {
  const refused = await ask('POST', '/order?id=1');
  assert.equal(refused.status, 405);
  assert.match(refused.headers.get('allow') ?? '', /\bGET\b/);
  const chinese = await ask('GET', '/order?id=99', undefined, { 'accept-language': 'zh' });
  assert.equal(chinese.body?.['title'], '订单不存在');
});

test('an order can be added, read, changed and deleted', async () => {
  const added = await ask('POST', '/orders', { user_id: 2, item: ' Tea ', amount: 0.29 });
  assert.equal(added.status, 201);
  const id = added.body?.['id'];
  const order = { id, user_id: 2, item: 'Tea', amount: 0.29 };
  assert.equal(added.headers.get('location'), `/orders/${id}`);
  assert.deepEqual(added.body, order);
  assert.deepEqual((await ask('PATCH', `/orders/${id}`, { amount: '99.50' })).body, { ...order, amount: 99.5 });
  assert.deepEqual((await ask('GET', `/orders/${id}`)).body, { ...order, amount: 99.5 });
  assert.equal((await ask('DELETE', `/orders/${id}`)).status, 204);
  for (const method of ['GET', 'DELETE']) assert.equal((await ask(method, `/orders/${id}`)).status, 404);
  assert.equal((await ask('PATCH', `/orders/${id}`, { item: 'x' })).status, 404);
  const next = await ask('POST', '/orders', { user_id: 2, item: 'Tea', amount: 1 });
  assert.ok(Number(next.body?.['id']) > Number(id), 'ids are not given away again');
});

test('an order is cancelled once, and stays as it is from then on', async () => {
  const { body } = await ask('POST', '/orders', { user_id: 2, item: 'Tea', amount: 1 });
  const path = `/orders/${String(body?.['id'])}`;
  const stale = await ask('POST', `${path}/cancel`, undefined, { 'if-match': '"other"' });
  assert.deepEqual([stale.status, stale.body?.['code']], [412, 'PRECONDITION_FAILED']);
  const first = await ask('POST', `${path}/cancel`);
  assert.equal(first.status, 200);
  assert.match(String(first.body?.['cancelled_at']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual((await ask('POST', `${path}/cancel`)).body, first.body);
  assert.deepEqual((await ask('GET', path)).body, first.body);
  const late = await ask('PATCH', path, { item: 'x' }, { 'accept-language': 'zh-CN' });
  assert.deepEqual([late.status, late.body?.['code'], late.body?.['title']], [409, 'ORDER_CANCELLED', '订单已取消']);
  assert.equal((await ask('DELETE', path)).status, 204);
  assert.equal((await ask('POST', `${path}/cancel`)).status, 404);
  assert.deepEqual((await ask('POST', '/orders/x/cancel')).body?.['code'], 'INVALID_ORDER_ID');
  assert.equal((await ask('GET', `${path}/cancel`)).headers.get('allow'), 'POST, OPTIONS');
});

test('an order for an unknown user is USER_NOT_FOUND, names the field and writes nothing', async () => {
  const answer = await ask('POST', '/orders', { user_id: 99, item: 'Tea', amount: 1 });
  assert.equal(answer.status, 404);
  assert.equal(answer.body?.['code'], 'USER_NOT_FOUND');
  assert.ok(answer.fields.includes('/user_id'));
  assert.deepEqual((await ask('GET', '/orders?user_id=99')).body, []);
});

test('while user-service is unavailable, an order for a user who is not known is 503 with Retry-After, and not written', async () => {
  const before = (await ask('GET', '/orders')).body;
  usersAway = true;
  const answer = await ask('POST', '/orders', { user_id: 77, item: 'Tea', amount: 1 });
  usersAway = false;
  assert.equal(answer.status, 503);
  assert.equal(answer.body?.['code'], 'USER_SERVICE_UNAVAILABLE');
  assert.equal(answer.headers.get('retry-after'), '1');
  assert.deepEqual((await ask('GET', '/orders')).body, before);
});

type BadBody = readonly [
  what: string,
  body: unknown,
  status: number,
  field?: string | undefined,
  headers?: Record<string, string>,
];
const good = { user_id: 1, item: 'Tea', amount: 1 };
const badBodies: readonly BadBody[] = [
  ['a missing amount', { user_id: 1, item: 'Tea' }, 400, '/amount'],
  ['a missing user', { item: 'Tea', amount: 1 }, 400, '/user_id'],
  ['a user id as text', { ...good, user_id: '1' }, 400, '/user_id'],
  ['a fraction of a user', { ...good, user_id: 1.5 }, 400, '/user_id'],
  ['a user id beyond 2^53', '{"user_id":9007199254740993,"item":"Tea","amount":1}', 400, '/user_id'],
  ['a user id beyond numbers', '{"user_id":1e400,"item":"Tea","amount":1}', 400, '/user_id'],
  ['two amounts', '{"user_id":1,"item":"Tea","amount":1,"amount":2}', 400, '/amount'],
  ['an unknown field', { ...good, currency: 'CNY' }, 400, '/currency'],
  ['an empty item', { ...good, item: '' }, 400, '/item'],
  ['an over-long item', { ...good, item: 'x'.repeat(201) }, 400, '/item'],
  ['a line break in the item', { ...good, item: 'a\nb' }, 400, '/item'],
  ['a free order', { ...good, amount: 0 }, 400, '/amount'],
  ['a negative amount', { ...good, amount: -1 }, 400, '/amount'],
  ['three decimals', { ...good, amount: 1.005 }, 400, '/amount'],
  ['an amount out of range', { ...good, amount: 1e12 }, 400, '/amount'],
  ['an amount beyond numbers', '{"user_id":1,"item":"Tea","amount":1e999}', 400, '/amount'],
  ['an amount in words', { ...good, amount: 'ten' }, 400, '/amount'],
  ['no amount', { ...good, amount: null }, 400, '/amount'],
  ['broken JSON', '{"user_id":1', 400],
  ['invalid UTF-8', Uint8Array.of(0x22, 0xc0, 0x80, 0x22), 400],
  ['another media type', 'user_id=1', 415, undefined, { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a huge body', { ...good, item: 'x'.repeat(2_000_000) }, 413],
];

for (const [what, body, status, field, headers] of badBodies) {
  test(`POST /orders with ${what} is ${status} and writes nothing`, async () => {
    const before = (await ask('GET', '/orders')).body;
    const answer = await ask('POST', '/orders', body, headers);
    assert.equal(answer.status, status);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    if (field !== undefined) assert.ok(answer.fields.includes(field), JSON.stringify(answer.body));
    assert.deepEqual((await ask('GET', '/orders')).body, before);
  });
}

test('a change must not move an order to another user, or be empty', async () => {
  const moved = await ask('PATCH', '/orders/1', { user_id: 2 });
  assert.equal(moved.status, 400);
  assert.ok(moved.fields.includes('/user_id'));
  assert.equal((await ask('PATCH', '/orders/1', {})).status, 400);
});

test("following Link lists one user's orders, and only those, exactly once", async () => {
  for (let i = 0; i < 7; i += 1)
    await orderStore(database, events).add({
      user_id: 1 + (i % 2),
      item: `W${i}`,
      amount_cents: 1,
      cancelled_at: null,
    });
  const expected = (await orderStore(database, events).page({}, { user_id: 1 })).rows.map((order) => order.id);
  const seen: unknown[] = [];
  let target: string | undefined = '/orders?user_id=1&limit=2';
  while (target !== undefined) {
    const answer: Answer = await ask('GET', target);
    assert.ok(Array.isArray(answer.body));
    seen.push(...answer.body.map((order: { id: number }) => order.id));
    target = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  assert.deepEqual(seen, expected);
});

test('of two callers who change what both have read, the second gets an error, and cannot delete it', async () => {
  const { headers } = await ask('GET', '/orders/2');
  const tag = headers.get('etag') ?? '';
  assert.equal((await ask('GET', '/order?id=2', undefined, { 'if-none-match': tag })).status, 304);
  const first = await ask('PATCH', '/orders/2', { item: 'Tea' }, { 'if-match': tag });
  assert.equal(first.status, 200);
  assert.notEqual(first.headers.get('etag'), tag);
  for (const method of ['PATCH', 'DELETE']) {
    const second = await ask(method, '/orders/2', method === 'PATCH' ? { item: 'Rice' } : undefined, {
      'if-match': tag,
    });
    assert.equal(second.status, 412, method);
    assert.equal(second.body?.['code'], 'PRECONDITION_FAILED');
  }
  const now = await ask('GET', '/orders/2');
  assert.deepEqual(now.body, first.body);
  assert.equal(now.headers.get('etag'), first.headers.get('etag'));
  assert.equal((await ask('PATCH', '/orders/99', { item: 'Tea' }, { 'if-match': '*' })).status, 404);
  const unread = await ask('DELETE', '/orders/2', undefined, { 'if-match': 'unquoted' });
  assert.equal(unread.status, 400);
  assert.deepEqual(unread.fields, ['If-Match']);
});
