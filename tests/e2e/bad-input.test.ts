// Thousands of requests nobody should send, at running programs: each gets an answer that puts the blame where it
// belongs, and no program fails on any of them.
import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Answer, ask, send } from './support/ask.ts';
import { type Fleet, startFleet } from './support/fleet.ts';
import { type OddAnswer, oddRequest, sendBytes, sendOdd, type Target } from './support/odd-requests.ts';
import { stillRunning } from './support/processes.ts';

let fleet: Fleet;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
let pids: readonly number[] = [];
const programs = ['user-service', 'order-service', 'service-registry', 'gateway'];

before(async () => {
  // Requests are not logged: there will be many. What is refused before its language is read gets the default one.
  fleet = await startFleet({ env: { LOG_LEVEL: 'error', DEFAULT_LOCALE: 'zh-CN' } });
  pids = programs.flatMap((program) => fleet.processesOf(program).map((each) => each.pid));
  // More when a program runs as several workers.
  assert.ok(pids.length >= programs.length);
});
after(async () => {
  agent.destroy();
  await fleet.stop();
});

const user = { name: 'Eve', email: 'eve@example.com' };
const order = { user_id: 1, item: 'x', amount: 1.5 };
const registration = {
  name: 'x',
  address: '192.0.2.1',
  port: 80,
  tags: ['a'],
  metadata: { a: 'b' },
  weight: 1,
  lease_ms: 1000,
};
const userRoutes: readonly Target[] = [
  { method: 'GET', path: '/users/{}' },
  { method: 'GET', path: '/users' },
  { method: 'POST', path: '/users', body: user },
  { method: 'PATCH', path: '/users/{}', body: user },
  { method: 'DELETE', path: '/users/{}' },
];
const orderRoutes: readonly Target[] = [
  { method: 'GET', path: '/orders/{}' },
  { method: 'GET', path: '/orders', query: ['user_id'] },
  { method: 'POST', path: '/orders', body: order },
  { method: 'PATCH', path: '/orders/{}', body: order },
  { method: 'DELETE', path: '/orders/{}' },
];
const targets: Readonly<Record<string, readonly Target[]>> = {
  'user-service': [{ method: 'GET', path: '/user', query: ['id'] }, ...userRoutes],
  'order-service': [{ method: 'GET', path: '/order', query: ['id'] }, ...orderRoutes],
  'service-registry': [
    { method: 'POST', path: '/register', body: registration },
    { method: 'GET', path: '/service/{}' },
    { method: 'GET', path: '/services', query: ['status', 'tag', 'meta.a', 'served'] },
    { method: 'GET', path: '/services/{}/instances', query: ['status', 'tag', 'meta.a', 'served'] },
    { method: 'GET', path: '/services/x/instances/{}' },
    { method: 'PUT', path: '/services/x/instances/{}/lease' },
    { method: 'PUT', path: '/services/x/instances/{}/status', body: { status: 'healthy' } },
    { method: 'DELETE', path: '/services/{}/instances/{}' },
  ],
  gateway: [
    { method: 'GET', path: '/api/user/', query: ['id'] },
    { method: 'GET', path: '/api/order/{}', query: ['id'] },
    { method: 'GET', path: '/api/user-with-orders', query: ['user_id'] },
    { method: 'GET', path: '/users/{}/orders' },
    { method: 'GET', path: '/{}' },
    ...userRoutes,
    ...orderRoutes,
  ],
};

/** What is true of every answer to a bad request, asked in Chinese. */
function assertBlamesTheCaller(answer: OddAnswer): void {
  // 501 is what RFC 9110 wants for a method that nobody knows; every other 5xx would blame the program.
  const blameless = answer.status >= 200 && (answer.status < 500 || answer.status === 501);
  assert.ok(blameless, `${answer.status} ${answer.body.slice(0, 500)}`);
  if (answer.status < 400 || answer.body === '') return;
  assert.match(answer.contentType, /^application\/problem\+json/);
  const problem = JSON.parse(answer.body) as {
    code?: unknown;
    status?: unknown;
    title: string;
    errors?: { message: string }[];
  };
  assert.equal(typeof problem.code, 'string');
  assert.equal(problem.status, answer.status);
  // The odd requests ask for Chinese: no schema of any program may have a text without its twin.
  for (const text of [problem.title, ...(problem.errors ?? []).map(({ message }) => message)])
    assert.match(text, /\p{Script=Han}/u, answer.body.slice(0, 500));
}

async function assertUnharmed(): Promise<void> {
  assert.deepEqual(stillRunning(pids).length, pids.length, fleet.process.stderr().slice(-2_000));
  for (const program of programs) assert.equal((await ask(`${fleet.url(program)}/ready`)).status, 200, program);
}

for (const program of programs) {
  test(`${program} answers 2,000 odd requests without any server error`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(oddRequest(targets[program] ?? []), { minLength: 10, maxLength: 10 }),
        async (batch) => {
          const answers = await Promise.all(batch.map((odd) => sendOdd(fleet.url(program), agent, odd)));
          for (const answer of answers) assertBlamesTheCaller(answer);
        },
      ),
      { numRuns: 200 },
    );
    await assertUnharmed();
  });

  test(`${program} survives bytes that are not HTTP`, async () => {
    const good = Buffer.from('GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    const mutated = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const copy = Buffer.from(good);
        for (const [place, value] of changes) copy[place] = value;
        return copy;
      });
    const noise = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(mutated, noise), { minLength: 8, maxLength: 8 }), async (batch) => {
        const answers = await Promise.all(batch.map((bytes) => sendBytes(fleet.url(program), bytes)));
        // 501 and 505 blame the caller too: a transfer coding or a version nobody speaks.
        for (const text of answers) assert.match(text, /^(|HTTP\/1\.1 ([1-4]\d\d|501|505) [^]*)$/);
      }),
      { numRuns: 40 },
    );
    await assertUnharmed();
  });
}

describe('each bad field is named', () => {
  const fieldsOf = (answer: Answer): string[] =>
    ((answer.json as { errors?: { field: string }[] }).errors ?? []).map((error) => error.field);
  const long = 'x'.repeat(10_000);
  const cases: readonly (readonly [string, string, unknown, string])[] = [
    ['user-service', '/users', { email: 'a@example.com' }, '/name'],
    ['user-service', '/users', { ...user, name: 7 }, '/name'],
    ['user-service', '/users', { ...user, name: '' }, '/name'],
    ['user-service', '/users', { ...user, name: long }, '/name'],
    ['user-service', '/users', { ...user, email: 'nowhere' }, '/email'],
    ['user-service', '/users', { ...user, admin: true }, '/admin'],
    ['order-service', '/orders', { ...order, user_id: '1' }, '/user_id'],
    ['order-service', '/orders', { ...order, user_id: 0 }, '/user_id'],
    ['order-service', '/orders', { ...order, item: long }, '/item'],
    ['order-service', '/orders', { ...order, amount: 0.001 }, '/amount'],
    ['order-service', '/orders', { ...order, amount: 1e300 }, '/amount'],
    ['order-service', '/orders', { ...order, amount: -1 }, '/amount'],
    ['order-service', '/orders', { ...order, price: 1 }, '/price'],
    ['service-registry', '/register', { ...registration, port: 0 }, '/port'],
    ['service-registry', '/register', { ...registration, port: 70_000 }, '/port'],
    ['service-registry', '/register', { ...registration, name: '' }, '/name'],
    ['service-registry', '/register', { ...registration, metadata: { a: 1 } }, '/metadata/a'],
    ['service-registry', '/register', { ...registration, lease_ms: 1 }, '/lease_ms'],
    ['service-registry', '/register', { ...registration, colour: 'red' }, '/colour'],
  ];

  test('in a body sent to the service itself, and through the gateway', async () => {
    for (const [program, path, body, field] of cases) {
      for (const through of program === 'service-registry' ? [program] : [program, 'gateway']) {
        const answer = await send('POST', `${fleet.url(through)}${path}`, body);
        const what = `${through} ${path} ${JSON.stringify(body).slice(0, 100)}: ${answer.text.slice(0, 300)}`;
        assert.equal(answer.status, 400, what);
        assert.deepEqual([...new Set(fieldsOf(answer))], [field], what);
      }
    }
  });

  test('all of them at once, not only the first', async () => {
    const answer = await send('POST', `${fleet.url('user-service')}/users`, { name: 1, email: 2, x: 3 });
    assert.deepEqual(fieldsOf(answer).toSorted(), ['/email', '/name', '/x']);
  });

  test('in a query too', async () => {
    for (const query of ['?limit=0', '?limit=x', '?limit=1000000', '?cursor=%FF']) {
      const answer = await ask(`${fleet.url('user-service')}/users${query}`);
      assert.equal(answer.status, 400, `${query}: ${answer.text}`);
      assert.equal(fieldsOf(answer)[0], `?${query.slice(1).split('=')[0]}`);
    }
  });
});

describe('a body that is wrong as a whole', () => {
  const post = (program: string, body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): Promise<Answer> =>
    ask(`${fleet.url(program)}/users`, { method: 'POST', headers: { 'content-type': type }, body });
  const both = ['user-service', 'gateway'];

  test('is answered with 400 if it is malformed JSON, invalid UTF-8 or empty', async () => {
    for (const program of both) {
      assert.equal((await post(program, '{"name":')).status, 400);
      assert.equal((await post(program, '')).status, 400);
      const invalid = new Uint8Array([
        ...Buffer.from('{"name":"'),
        0xff,
        0xfe,
        ...Buffer.from('","email":"z@example.com"}'),
      ]);
      const answer = await post(program, invalid);
      assert.equal(answer.status, 400, answer.text);
      assert.equal((answer.json as { code: string }).code, 'INVALID_JSON');
    }
  });

  test('is answered with 415 for another content type, and 413 if it is huge', async () => {
    for (const program of both) {
      assert.equal((await post(program, 'name=x', 'application/x-www-form-urlencoded')).status, 415);
      const huge = await post(program, JSON.stringify({ ...user, name: 'x'.repeat(3_000_000) })).catch(() => undefined);
      // The connection may be closed before the whole body was sent, which fetch reports as a failure.
      if (huge !== undefined) assert.equal(huge.status, 413, huge.text.slice(0, 300));
    }
    await assertUnharmed();
  });
});
