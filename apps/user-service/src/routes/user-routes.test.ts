import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Database, openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { type Answer, type ServedApp, serveApp } from '@flotilla/testing/http';
import { type UserFeed, userDatabase, userStore } from '../store/users.ts';
import { userService } from '../users.ts';
import { addUserRoutes } from './user-routes.ts';

const events: UserFeed = { add: async () => undefined, attribute: () => undefined };
let database: Database<unknown>;
let served: ServedApp;
let ask: ServedApp['ask'];
before(async () => {
  database = await openDatabase({ url: 'sqlite::memory:', ...userDatabase, seed: userDatabase.demoData });
  const parts = { database, keys: idempotencyKeys({ database }), events };
  served = await serveApp((app) => addUserRoutes(app, userService(parts)));
  ask = served.ask;
});
after(async () => {
  await served.close();
  await database.close();
});

const alice = { id: 1, name: 'Alice', email: 'alice@example.com' };
const bob = { id: 2, name: 'Bob', email: 'bob@example.com' };

test('GET /user?id= returns the user', async () => {
  const { status, headers, body } = await ask('GET', '/user?id=1');
  assert.equal(status, 200);
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  assert.deepEqual(body, alice);
});

for (const query of [
  '',
  '?id=',
  '?id=x',
  '?id=1.5',
  '?id=01',
  '?id=%2B1',
  '?id=+1',
  '?id=1e3',
  '?id=0',
  '?id=-1',
  '?id=1&id=2',
  '?id=9007199254740992',
]) {
  test(`GET /user${query} is INVALID_USER_ID`, async () => {
    const { status, body, fields } = await ask('GET', `/user${query}`);
    assert.equal(status, 400);
    assert.equal(body?.['code'], 'INVALID_USER_ID');
    assert.deepEqual(fields, ['?id']);
  });
}

test('an unknown user is USER_NOT_FOUND, in the requested language', async () => {
  const english = await ask('GET', '/user?id=99');
  assert.equal(english.status, 404);
  assert.equal(english.body?.['title'], 'No such user');
  const chinese = await ask('GET', '/user?id=99', undefined, { 'accept-language': 'zh-CN,en;q=0.5' });
  assert.equal(chinese.body?.['title'], '用户不存在');
  assert.equal(chinese.body['code'], 'USER_NOT_FOUND');
});

test('other methods are 405 with Allow', async () => {
  const { status, headers, body } = await ask('POST', '/user?id=1');
  assert.equal(status, 405);
  assert.match(headers.get('allow') ?? '', /\bGET\b/);
  assert.equal(body?.['code'], 'METHOD_NOT_ALLOWED');
  assert.equal((await ask('PUT', '/users')).status, 405);
  assert.equal((await ask('POST', '/users/1')).status, 405);
});

test('GET /users returns an array that begins with Alice and Bob', async () => {
  const { status, headers, body } = await ask('GET', '/users');
  assert.equal(status, 200);
  assert.ok(Array.isArray(body));
  assert.deepEqual(body.slice(0, 2), [alice, bob]);
  assert.equal(headers.get('link'), null);
});

test('a user can be added, read, changed and deleted, and the id is not reused', async () => {
  const added = await ask('POST', '/users', { name: ' 李雷 ', email: 'Li.Lei@Example.com' });
  assert.equal(added.status, 201);
  const id = added.body?.['id'];
  assert.equal(added.headers.get('location'), `/users/${id}`);
  assert.deepEqual(added.body, { id, name: '李雷', email: 'Li.Lei@Example.com' });
  assert.deepEqual((await ask('GET', `/users/${id}`)).body, added.body);

  const changed = await ask('PATCH', `/users/${id}`, { name: '韩梅梅' });
  assert.equal(changed.status, 200);
  assert.deepEqual(changed.body, { id, name: '韩梅梅', email: 'Li.Lei@Example.com' });

  assert.equal((await ask('DELETE', `/users/${id}`)).status, 204);
  assert.equal((await ask('DELETE', `/users/${id}`)).status, 404);
  assert.equal((await ask('GET', `/users/${id}`)).status, 404);
  assert.equal((await ask('PATCH', `/users/${id}`, { name: 'x' })).status, 404);
  const next = await ask('POST', '/users', { name: 'Next', email: 'li.lei@example.com' });
  assert.ok(Number(next.body?.['id']) > Number(id));
});

test('an email address belongs to one user, ignoring case', async () => {
  for (const answer of [
    await ask('POST', '/users', { name: 'Other', email: 'ALICE@example.com' }),
    await ask('PATCH', '/users/2', { email: 'Alice@Example.com' }),
  ]) {
    assert.equal(answer.status, 409);
    assert.equal(answer.body?.['code'], 'EMAIL_TAKEN');
    assert.deepEqual(answer.fields, ['/email']);
  }
  const own = await ask('PATCH', '/users/1', { email: 'Alice@example.com' });
  assert.equal(own.status, 200, 'the same user may change the case');
  await ask('PATCH', '/users/1', { email: 'alice@example.com' });
});

const good = { name: 'A', email: 'a@example.com' };
const badBodies: readonly [
  what: string,
  body: unknown,
  status: number,
  field?: string | undefined,
  headers?: Record<string, string>,
][] = [
  ['no body', undefined, 400],
  ['a missing field', { name: 'A' }, 400, '/email'],
  ['a wrong type', { ...good, name: 1 }, 400, '/name'],
  ['null', { ...good, email: null }, 400, '/email'],
  ['an unknown field', { ...good, role: 'admin' }, 400, '/role'],
  ['an id of its own', { ...good, id: 7 }, 400, '/id'],
  ['an over-long name', { ...good, name: 'x'.repeat(101) }, 400, '/name'],
  ['an over-long email', { ...good, email: `${'x'.repeat(300)}@example.com` }, 400, '/email'],
  ['an empty name', { ...good, name: ' ' }, 400, '/name'],
  ['a control character', { ...good, name: 'a\u0000b' }, 400, '/name'],
  ['half a surrogate pair', '{"name":"\\ud800","email":"a@example.com"}', 400, '/name'],
  ['no email address', { ...good, email: 'alice' }, 400, '/email'],
  ['an array', [good], 400],
  ['a text', '"Alice"', 400],
  ['a prototype', '{"__proto__":{"a":1},"name":"A","email":"a@example.com"}', 400, '/__proto__'],
  ['a name twice', '{"name":"A","name":"B","email":"a@example.com"}', 400, '/name'],
  ['a number beyond numbers', '{"name":1e400,"email":"a@example.com"}', 400, '/name'],
  ['10,000 levels', `{"name":${'['.repeat(10_000)}${']'.repeat(10_000)},"email":"a@example.com"}`, 400],
  ['30 levels', `{"name":${'['.repeat(30)}${']'.repeat(30)},"email":"a@example.com"}`, 400, '/name'],
  ['80,000 unknown fields', Object.fromEntries(Array.from({ length: 80_000 }, (_, i) => [`k${i}`, 1])), 400, '/k0'],
  ['a name that is half a surrogate pair', '{"name":"A","email":"a@example.com","\\udc00":1}', 400, ''],
  ['broken JSON', '{"name":"A",', 400],
  ['invalid UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 400],
  ['another media type', JSON.stringify(good), 415, undefined, { 'content-type': 'text/plain' }],
  ['a huge body', JSON.stringify({ ...good, name: 'x'.repeat(2_000_000) }), 413],
];

for (const [what, body, status, field, headers] of badBodies) {
  test(`POST and PATCH with ${what} are ${status} and change nothing`, async () => {
    const before = (await ask('GET', '/users')).body;
    for (const [method, target] of [
      ['POST', '/users'],
      ['PATCH', '/users/1'],
    ] as const) {
      // A change may leave fields out; that is no mistake.
      if (method === 'PATCH' && what === 'a missing field') continue;
      const answer = await ask(method, target, body, headers);
      assert.ok(
        answer.status === status || (body === undefined && answer.status === 415),
        `${method}: ${answer.status}`,
      );
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
      assert.equal(typeof answer.body?.['code'], 'string');
      if (field !== undefined) assert.ok(answer.fields.includes(field), JSON.stringify(answer.body));
    }
    assert.deepEqual((await ask('GET', '/users')).body, before);
  });
}

test('a change without any field is refused', async () => {
  assert.equal((await ask('PATCH', '/users/1', {})).status, 400);
});

for (const [target, code, field] of [
  ['/users/x', 'INVALID_USER_ID', '{id}'],
  ['/users/01', 'INVALID_USER_ID', '{id}'],
  ['/users/9007199254740992', 'INVALID_USER_ID', '{id}'],
  ['/users?limit=0', 'INVALID_REQUEST', '?limit'],
  ['/users?limit=1001', 'INVALID_REQUEST', '?limit'],
  ['/users?limit=1&limit=2', 'INVALID_REQUEST', '?limit'],
  ['/users?cursor=nonsense', 'INVALID_REQUEST', '?cursor'],
  ['/users?page=2', 'INVALID_REQUEST', '?page'],
  ['/users/1?name=x', 'INVALID_REQUEST', '?name'],
  ['/user?id=1&name=x', 'INVALID_REQUEST', '?name'],
] as const) {
  test(`GET ${target} is ${code} and names ${field}`, async () => {
    const { status, body, fields } = await ask('GET', target);
    assert.equal(status, 400);
    assert.equal(body?.['code'], code);
    assert.deepEqual(fields, [field]);
  });
}

test('following Link lists every user exactly once, even while users are added', async () => {
  for (let i = 0; i < 10; i += 1)
    await userStore(database, events).add({ name: `W${i}`, email: `walk-${i}@example.com` });
  const expected = (await userStore(database, events).page({})).rows.map((user) => user.id);
  const seen: unknown[] = [];
  let target: string | undefined = '/users?limit=3';
  for (let page = 0; target !== undefined; page += 1) {
    const answer: Answer = await ask('GET', target);
    assert.ok(Array.isArray(answer.body));
    seen.push(...answer.body.map((user: { id: number }) => user.id));
    if (page < 2)
      expected.push((await userStore(database, events).add({ name: 'New', email: `new-${page}@example.com` })).id);
    target = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  assert.deepEqual(seen, expected);
});

test('of two callers who change what both have read, the second gets an error, and cannot delete it', async () => {
  const { headers } = await ask('GET', '/users/2');
  const tag = headers.get('etag') ?? '';
  assert.equal((await ask('GET', '/user?id=2', undefined, { 'if-none-match': tag })).status, 304);
  const first = await ask('PATCH', '/users/2', { name: 'Alicia' }, { 'if-match': tag });
  assert.equal(first.status, 200);
  assert.notEqual(first.headers.get('etag'), tag);
  for (const method of ['PATCH', 'DELETE']) {
    const second = await ask(method, '/users/2', method === 'PATCH' ? { name: 'Eve' } : undefined, { 'if-match': tag });
    assert.equal(second.status, 412, method);
    assert.equal(second.body?.['code'], 'PRECONDITION_FAILED');
  }
  const now = await ask('GET', '/users/2');
  assert.deepEqual(now.body, first.body);
  assert.equal(now.headers.get('etag'), first.headers.get('etag'));
  assert.equal((await ask('PATCH', '/users/99', { name: 'Alicia' }, { 'if-match': '*' })).status, 404);
  const unread = await ask('DELETE', '/users/2', undefined, { 'if-match': 'unquoted' });
  assert.equal(unread.status, 400);
  assert.deepEqual(unread.fields, ['If-Match']);
});
