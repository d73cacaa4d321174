// Every row of the contract table in the design, against real processes with real data.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, ask, send } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { type Fleet, startFleet } from './support/fleet.ts';

let fleet: Fleet;
before(async () => {
  fleet = await startFleet();
});
after(() => fleet.stop());

const alice = { id: 1, name: 'Alice', email: 'alice@example.com' };
const bob = { id: 2, name: 'Bob', email: 'bob@example.com' };
const goods = (id: number, user: number, item: string, amount: number) => ({ id, user_id: user, item, amount });

/** Checks an error: its status, and a problem document with this code. */
function assertProblem(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal((answer.json as { code?: string }).code, code);
}

async function assertGetOnly(url: string): Promise<void> {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await ask(url, { method });
    assertProblem(answer, 405, 'METHOD_NOT_ALLOWED');
    assert.match(answer.headers.get('allow') ?? '', /\bGET\b/);
  }
}

describe('user-service', () => {
  const at = (path: string): Promise<Answer> => ask(`${fleet.url('user-service')}${path}`);

  test('GET /user?id=1 is Alice', async () => {
    const answer = await at('/user?id=1');
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.equal(answer.text, '{"id":1,"name":"Alice","email":"alice@example.com"}');
  });

  test('an unknown user is 404, a bad or missing id 400', async () => {
    assertProblem(await at('/user?id=99'), 404, 'USER_NOT_FOUND');
    for (const query of ['?id=x', '?id=', '?id=1.5', '', '?id=0', '?id=-1', '?id=1&id=2', '?id=99999999999999999999']) {
      assertProblem(await at(`/user${query}`), 400, 'INVALID_USER_ID');
    }
  });

  test('other methods are 405 with Allow', () => assertGetOnly(`${fleet.url('user-service')}/user?id=1`));

  test('GET /users begins with Alice and Bob, and includes added users', async () => {
    const list = async (): Promise<unknown[]> => (await at('/users')).json as unknown[];
    assert.deepEqual((await list()).slice(0, 2), [alice, bob]);
    const added = await send('POST', `${fleet.url('user-service')}/users`, {
      name: 'Carol',
      email: 'carol@example.com',
    });
    assert.equal(added.status, 201, added.text);
    assert.ok((await list()).some((user) => (user as { email: string }).email === 'carol@example.com'));
  });
});

describe('order-service', () => {
  const at = (path: string): Promise<Answer> => ask(`${fleet.url('order-service')}${path}`);

  test('GET /order?id=1 is 商品A for 100', async () => {
    const answer = await at('/order?id=1');
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '{"id":1,"user_id":1,"item":"商品A","amount":100}');
  });

  test('GET /orders?user_id= has the orders of that user, [] if there are none', async () => {
    assert.deepEqual((await at('/orders?user_id=1')).json, [goods(1, 1, '商品A', 100), goods(2, 1, '商品B', 200)]);
    assert.deepEqual((await at('/orders?user_id=2')).json, [goods(3, 2, '商品C', 150)]);
    const none = await at('/orders?user_id=9');
    assert.equal(none.status, 200);
    assert.equal(none.text, '[]');
  });

  test('a bad or missing id is 400, an unknown order 404, another method 405', async () => {
    for (const query of ['?id=x', '?id=', '?id=1.5', '']) {
      assertProblem(await at(`/order${query}`), 400, 'INVALID_ORDER_ID');
    }
    for (const query of ['?user_id=x', '?user_id=', '?user_id=1.5']) {
      assertProblem(await at(`/orders${query}`), 400, 'INVALID_USER_ID');
    }
    assertProblem(await at('/order?id=99'), 404, 'ORDER_NOT_FOUND');
    await assertGetOnly(`${fleet.url('order-service')}/order?id=1`);
  });
});

describe('gateway', () => {
  const at = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(`${fleet.url('gateway')}${path}`, { headers });

  test('/api/user/ and /api/order/ answer as the services do', async () => {
    for (const [path, service, there] of [
      ['/api/user/?id=1', 'user-service', '/user?id=1'],
      ['/api/user/?id=99', 'user-service', '/user?id=99'],
      ['/api/user/?id=x', 'user-service', '/user?id=x'],
      ['/api/order/?id=1', 'order-service', '/order?id=1'],
      ['/api/order/', 'order-service', '/order'],
    ] as const) {
      const through = await at(path);
      const direct = await ask(`${fleet.url(service)}${there}`);
      assert.equal(through.status, direct.status, path);
      assert.equal(through.headers.get('content-type'), direct.headers.get('content-type'));
      if (direct.status === 200) assert.equal(through.text, direct.text);
      else assert.equal((through.json as { code: string }).code, (direct.json as { code: string }).code);
    }
  });

  test('/api/user-with-orders joins a user and their orders', async () => {
    const answer = await at('/api/user-with-orders?user_id=1');
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json, { user: alice, orders: [goods(1, 1, '商品A', 100), goods(2, 1, '商品B', 200)] });
  });

  test('/api/user-with-orders is 404 for an unknown user and 400 for a bad id', async () => {
    assertProblem(await at('/api/user-with-orders?user_id=99'), 404, 'USER_NOT_FOUND');
    for (const query of ['?user_id=x', '?user_id=', '', '?user_id=1.5']) {
      assertProblem(await at(`/api/user-with-orders${query}`), 400, 'INVALID_USER_ID');
    }
  });

  test('the modern forms exist: /users, /users/{id}, /orders, /orders/{id}, /users/{id}/orders', async () => {
    assert.deepEqual((await at('/users/1')).json, alice);
    assert.deepEqual((await at('/orders/1')).json, goods(1, 1, '商品A', 100));
    assert.equal((await at('/users')).status, 200);
    assert.equal((await at('/orders')).status, 200);
    assert.equal(((await at('/users/1/orders')).json as unknown[]).length, 2);
  });

  test('creates, changes, lists in pages and deletes records', async () => {
    const gateway = fleet.url('gateway');
    const created = await send('POST', `${gateway}/users`, { name: 'Dora', email: 'dora@example.com' });
    assert.equal(created.status, 201, created.text);
    const { id } = created.json as { id: number };
    const order = await send('POST', `${gateway}/orders`, { user_id: id, item: '商品D', amount: 12.34 });
    assert.equal(order.status, 201, order.text);
    assert.equal((order.json as { amount: number }).amount, 12.34);
    const changed = await send('PATCH', `${gateway}/users/${id}`, { name: 'Dora D.' });
    assert.equal(changed.status, 200, changed.text);
    assert.equal(((await at(`/users/${id}`)).json as { name: string }).name, 'Dora D.');
    const page = await at('/users?limit=1');
    assert.equal((page.json as unknown[]).length ?? 1, 1);
    assert.match(page.headers.get('link') ?? '', /rel="?next"?/);
    const orderId = (order.json as { id: number }).id;
    assert.equal((await ask(`${gateway}/orders/${orderId}`, { method: 'DELETE' })).status, 204);
    assert.equal((await ask(`${gateway}/users/${id}`, { method: 'DELETE' })).status, 204);
    assertProblem(await at(`/users/${id}`), 404, 'USER_NOT_FOUND');
  });

  test('an order for a user who does not exist is refused, and nothing is written', async () => {
    const count = async (): Promise<number> => ((await at('/orders?limit=100')).json as unknown[]).length;
    const before = await count();
    const answer = await send('POST', `${fleet.url('gateway')}/orders`, { user_id: 987_654, item: 'x', amount: 1 });
    assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
    assert.equal(await count(), before);
  });

  test('messages are in English or Chinese, and plain text on request', async () => {
    const chinese = await at('/api/user/?id=99', { 'accept-language': 'zh-CN,zh;q=0.9' });
    assert.match(chinese.text, /用户不存在/);
    const plain = await at('/api/user/?id=99', { accept: 'text/plain', 'accept-language': 'zh' });
    assert.match(plain.headers.get('content-type') ?? '', /^text\/plain/);
    assert.match(plain.text, /^用户不存在\n?$/);
    assert.match((await at('/api/user/?id=99')).text, /No such user/);
  });
});

describe('service-registry', () => {
  const register = (body: unknown): Promise<Answer> => send('POST', `${fleet.url('service-registry')}/register`, body);
  const at = (path: string): Promise<Answer> => ask(`${fleet.url('service-registry')}${path}`);

  test('POST /register takes name, address and port, and the instance is found', async () => {
    assert.equal((await register({ name: 'printer', address: '192.0.2.7', port: 9100 })).status, 200);
    assert.equal((await register({ name: 'printer', address: '192.0.2.8', port: 9100 })).status, 200);
    const seen = new Set<string>();
    for (let call = 0; call < 4; call += 1) {
      const found = await at('/service/printer');
      assert.equal(found.status, 200);
      const { name, address, port, last_seen } = found.json as Record<string, unknown>;
      assert.deepEqual({ name, port }, { name: 'printer', port: 9100 });
      assert.ok(typeof last_seen === 'string' && !Number.isNaN(Date.parse(last_seen)));
      seen.add(String(address));
    }
    assert.deepEqual([...seen].sort(), ['192.0.2.7', '192.0.2.8'], 'answers are spread over the instances');
  });

  test('malformed input is 400, another method 405', async () => {
    const good = { name: 'x', address: '192.0.2.1', port: 80 };
    const bad: unknown[] = [
      { ...good, name: '' },
      { ...good, port: 0 },
      { ...good, port: 70_000 },
      { ...good, port: '80' },
      { ...good, port: 1.5 },
      { ...good, name: 'x'.repeat(1_000) },
      { ...good, address: 'x'.repeat(1_000) },
      { ...good, name: 'a b/c' },
      { ...good, address: 'no address' },
      { ...good, surprise: true },
      { name: 'x' },
      [],
      null,
      'text',
    ];
    for (const body of bad) assert.equal((await register(body)).status, 400, JSON.stringify(body).slice(0, 80));
    const broken = await ask(`${fleet.url('service-registry')}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":',
    });
    assertProblem(broken, 400, 'INVALID_JSON');
    const other = await at('/register');
    assertProblem(other, 405, 'METHOD_NOT_ALLOWED');
    assert.match(other.headers.get('allow') ?? '', /\bPOST\b/);
  });

  test('an unknown service is 404', async () => assertProblem(await at('/service/nobody'), 404, 'SERVICE_NOT_FOUND'));

  test('GET /services lists all instances in a stable order', async () => {
    const first = (await at('/services')).json as { name: string; id: string }[];
    const again = (await at('/services')).json as { name: string; id: string }[];
    const names = first.map((instance) => instance.name);
    for (const program of ['gateway', 'user-service', 'order-service']) assert.ok(names.includes(program), program);
    const order = (list: { name: string; id: string }[]): string[] => list.map(({ name, id }) => `${name} ${id}`);
    assert.deepEqual(order(first), order(again));
    assert.deepEqual(order(first), order(first).toSorted());
  });

  test('an instance that does not renew is removed when its lease ends, looked up or not', async () => {
    await register({ name: 'mayfly', address: '192.0.2.9', port: 1, lease_ms: 1_000 });
    // It is looked up all the time, and that must not keep it alive.
    await eventually('it is gone', async () => (await at('/service/mayfly')).status === 404);
  });
});

describe('every program', () => {
  const everywhere = ['gateway', 'service-registry', 'user-service', 'order-service'];

  test('GET /health and GET /ready report its health', async () => {
    for (const program of everywhere) {
      const health = await ask(`${fleet.url(program)}/health`);
      assert.equal(health.status, 200, program);
      const { status, timestamp } = health.json as Record<string, unknown>;
      assert.equal(status, 'healthy', program);
      assert.ok(!Number.isNaN(Date.parse(String(timestamp))), program);
      const ready = await ask(`${fleet.url(program)}/ready`);
      assert.equal(ready.status, 200, `${program}: ${ready.text}`);
      const body = ready.json as { status: string; services: Record<string, string> };
      assert.equal(body.status, 'ready', program);
      assert.equal(typeof body.services, 'object', program);
      if (program.endsWith('-service')) assert.equal(body.services['database'], 'ok', program);
    }
  });

  test('GET /metrics has the standard request histogram', async () => {
    for (const program of everywhere) {
      const metrics = await ask(`${fleet.url(program)}/metrics`);
      assert.equal(metrics.status, 200, program);
      assert.match(metrics.text, /http_server_request_duration_seconds_bucket\{/, program);
    }
  });

  test('unknown paths are 404 problems', async () => {
    for (const program of everywhere) {
      assertProblem(await ask(`${fleet.url(program)}/no/such/path`), 404, 'ROUTE_NOT_FOUND');
    }
  });
});
