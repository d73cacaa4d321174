import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError, systemClock as clock } from '@flotilla/contracts';
import { type Database, openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { type Answer, type ServedApp, serveApp } from '@flotilla/testing/http';
import { type UserClient, userErrors } from '@flotilla/user-contract';
import { orderService } from '../orders.ts';
import { orderDatabase } from '../store/orders.ts';
import { addOrderRoutes } from './order-routes.ts';

let usersAway = false;
const users: Pick<UserClient, 'find'> = {
  async find(id) {
    if (usersAway) throw new AppError(userErrors.USER_SERVICE_UNAVAILABLE);
    return id <= 2 ? { id, name: 'A', email: 'a@example.com' } : undefined;
  },
};
let database: Database<unknown>;
let served: ServedApp;
before(async () => {
  database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase });
  const events = { add: async () => undefined, attribute: () => undefined };
  const orders = orderService({ database, clock, keys: idempotencyKeys({ database }), events, users });
  served = await serveApp((app) => addOrderRoutes(app, orders));
});
after(async () => {
  await served.close();
  await database.close();
});

const tea = { user_id: 1, item: 'Tea', amount: 0.29 };
const post = (key: string, body: unknown = tea, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  served.ask('POST', '/orders', body, { 'idempotency-key': key, ...headers });
const shown = ({ status, headers, text }: Answer): unknown => [
  status,
  text,
  ...['location', 'etag', 'content-type'].map((name) => headers.get(name)),
];

test('a repeated POST gets the same answer, byte for byte, and places no second order', async () => {
  const first = await post('"a"');
  assert.equal(first.status, 201);
  assert.equal(first.headers.get('idempotency-replayed'), null);
  const second = await post('"a"');
  assert.deepEqual(shown(second), shown(first));
  assert.equal(second.headers.get('idempotency-replayed'), 'true');
  const spaced = await served.ask('POST', '/orders', '{ "amount": 0.29, "item": " Tea ", "user_id": 1 }', {
    'idempotency-key': ' "a" ',
  });
  assert.deepEqual(shown(spaced), shown(first), 'the same request, only spelt in another way');
  assert.equal((await served.ask('GET', '/orders')).text, `[${first.text}]`);
  assert.notEqual((await post('"b"')).text, first.text);
});

test('a key with another body is 422, and one that is none is 400', async () => {
  await post('"c"');
  const reused = await post('"c"', { ...tea, amount: 0.3 });
  assert.deepEqual([reused.status, reused.body?.['code']], [422, 'IDEMPOTENCY_KEY_REUSED']);
  for (const key of ['c', '""', `"${'x'.repeat(256)}"`, '"a", "b"']) {
    const refused = await post(key);
    assert.deepEqual([refused.status, refused.body?.['code']], [400, 'INVALID_IDEMPOTENCY_KEY'], key);
  }
});

test('two callers may have the same key', async () => {
  const [anne, bob] = [
    await post('"d"', tea, { authorization: 'Bearer anne' }),
    await post('"d"', tea, { authorization: 'Bearer bob' }),
  ];
  assert.notEqual(anne.text, bob.text);
  assert.equal((await post('"d"', tea, { authorization: 'Bearer bob' })).text, bob.text);
});

test('an unknown user is the answer, and is repeated in the language of each caller', async () => {
  const order = { ...tea, user_id: 9 };
  const first = await post('"e"', order);
  assert.deepEqual([first.status, first.body?.['code'], first.fields], [404, 'USER_NOT_FOUND', ['/user_id']]);
  assert.equal(first.headers.get('idempotency-replayed'), null);
  const second = await post('"e"', order, { 'accept-language': 'zh' });
  assert.deepEqual([second.status, second.body?.['title'], second.fields], [404, '用户不存在', ['/user_id']]);
  assert.equal(second.headers.get('idempotency-replayed'), 'true');
});

test('what was not answered is done by the next request with the key: nothing of a 503 or a 400 is kept', async () => {
  // Nothing is known of this user yet.
  const order = { ...tea, user_id: 2 };
  usersAway = true;
  assert.equal((await post('"f"', order)).status, 503);
  usersAway = false;
  const invalid = await post('"f"', { ...order, amount: -1 });
  assert.equal(invalid.status, 400);
  const done = await post('"f"', order);
  assert.deepEqual([done.status, done.headers.get('idempotency-replayed')], [201, null]);
});
