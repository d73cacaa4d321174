// The same programs with their data on PostgreSQL or MariaDB: all works, and a database that is away is waited for.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findMariadb, findPostgres, startMariadb, startPostgres } from '@flotilla/conformance/databases';
import { type Answer, ask, send } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { type Fleet, startFleet } from './support/fleet.ts';

const kinds = [
  { name: 'PostgreSQL', engine: await findPostgres(), start: startPostgres },
  { name: 'MariaDB', engine: findMariadb(), start: startMariadb },
];

/** The service is not ready within 2 s; a busy machine gets some more. */
const noticedWithinMs = 3_000;

for (const { name, engine, start } of kinds) {
  describe(`a fleet on ${name}`, { skip: engine.kind === 'missing' && engine.reason }, () => {
    if (engine.kind === 'missing') return;

    test('serves, survives the freezing of the server, and loses nothing when a service is killed', async () => {
      await using server = await start(engine.path);
      const env = {
        USER_SERVICE__DATABASE_URL: await server.createDatabase('users'),
        ORDER_SERVICE__DATABASE_URL: await server.createDatabase('orders'),
        USER_SERVICE__LOG_LEVEL: 'warn',
      };
      await using fleet = await startFleet({ args: ['--only', 'service-registry,user-service,order-service'], env });
      await serves(fleet);
      await losesNothing(fleet);
      await comesAndGoes(fleet, server);
      const said = fleet.process.stdout() + fleet.process.stderr();
      assert.ok(!said.includes(server.admin.password) && !said.includes(encodeURIComponent(server.admin.password)));
    });
  });
}

async function serves(fleet: Fleet): Promise<void> {
  const [users, orders] = [fleet.url('user-service'), fleet.url('order-service')];
  assert.deepEqual((await ask(`${users}/user?id=1`)).json, { id: 1, name: 'Alice', email: 'alice@example.com' });
  assert.deepEqual((await ask(`${orders}/orders?user_id=2`)).json, [{ id: 3, user_id: 2, item: '商品C', amount: 150 }]);
  const made = await send('POST', `${users}/users`, { name: "O'Brien 🚀", email: 'Obrien@example.com' });
  assert.equal(made.status, 201, made.text);
  const user = made.json as { readonly id: number };
  const taken = await send('POST', `${users}/users`, { name: 'Other', email: 'oBRIEN@example.com' });
  assert.equal(taken.status, 409);
  const order = { user_id: user.id, item: '商品 é', amount: 999_999_999_999.99 };
  const post = (): Promise<Answer> => send('POST', `${orders}/orders`, order, { 'idempotency-key': '"once"' });
  const [first, again] = [await post(), await post()];
  assert.equal(first.status, 201, first.text);
  assert.equal(again.text, first.text);
  assert.deepEqual((await ask(`${orders}/orders?user_id=${user.id}`)).json, [first.json]);
  const changed = await send(
    'PATCH',
    `${users}/users/${user.id}`,
    { name: 'B' },
    { 'if-match': made.headers.get('etag') ?? '' },
  );
  assert.equal(changed.status, 200, changed.text);
  const late = await send(
    'PATCH',
    `${users}/users/${user.id}`,
    { name: 'C' },
    { 'if-match': made.headers.get('etag') ?? '' },
  );
  assert.equal(late.status, 412);
}

async function losesNothing(fleet: Fleet): Promise<void> {
  const url = fleet.url('user-service');
  const acknowledged: string[] = [];
  let writing = true;
  const write = async (writer: number): Promise<void> => {
    for (let index = 0; writing; index += 1) {
      const email = `w${writer}-${index}@example.com`;
      const status = await send('POST', `${url}/users`, { name: 'W', email }).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 201) acknowledged.push(email);
    }
  };
  const writers = [0, 1, 2, 3].map(write);
  for (let kill = 1; kill <= 3; kill += 1) {
    const before = acknowledged.length;
    await eventually('writes are acknowledged', () => acknowledged.length > before + 15);
    const [victim] = fleet.processesOf('user-service');
    process.kill(victim?.pid ?? assert.fail('user-service does not run'), 'SIGKILL');
    await eventually('it is killed', () => !fleet.processesOf('user-service').some(({ pid }) => pid === victim?.pid));
  }
  await eventually('user-service is back', () => fleet.processesOf('user-service').length > 0);
  writing = false;
  await Promise.all(writers);
  const kept = new Set<string>();
  for (let next: string | undefined = `${url}/users?limit=100`; next !== undefined; ) {
    const page: Answer = await ask(next);
    assert.equal(page.status, 200, page.text);
    for (const { email } of page.json as readonly { readonly email: string }[]) kept.add(email);
    const link: string | undefined = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    next = link === undefined ? undefined : new URL(link, url).href;
  }
  assert.ok(acknowledged.length > 45);
  assert.deepEqual(
    acknowledged.filter((email) => !kept.has(email)),
    [],
  );
}

async function comesAndGoes(fleet: Fleet, server: { freeze(): Promise<void>; thaw(): Promise<void> }): Promise<void> {
  const url = fleet.url('user-service');
  const [before] = fleet.processesOf('user-service');
  const isReady = async (): Promise<boolean> => (await ask(`${url}/ready`)).status === 200;
  await until(isReady);
  await server.freeze();
  const frozenMs = performance.now();
  try {
    await until(async () => !(await isReady()));
    const tookMs = performance.now() - frozenMs;
    assert.ok(tookMs < noticedWithinMs, `${tookMs} ms until /ready said so`);
    assert.equal((await ask(`${url}/health`)).status, 200);
    const beganMs = performance.now();
    const answer = await ask(`${url}/users/1`);
    assert.equal(answer.status, 503);
    assert.match(answer.text, /STORAGE_UNAVAILABLE/);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    assert.ok(performance.now() - beganMs < noticedWithinMs);
  } finally {
    await server.thaw();
  }
  await until(isReady);
  assert.equal((await ask(`${url}/users/1`)).status, 200);
  assert.equal(fleet.processesOf('user-service')[0]?.pid, before?.pid, 'it was not restarted');
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const endMs = performance.now() + 20_000; !(await condition()); )
    assert.ok(performance.now() < endMs, `waited 20 s for ${condition}`);
}
