// Requests with an Idempotency-Key while their service is killed: each is done once, whatever happens and however often it is sent.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cut, type FakeUpstream, fakeUpstream, freePort, withFaults } from '@flotilla/testing';
import { type Answer, ask, send } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/fleet.ts';
import { type Spawned, spawnCommand } from './support/spawned.ts';

interface Shop {
  /** user-service, played. */
  readonly users: FakeUpstream;
  /** Starts an instance of order-service; all have the same database. */
  start(port?: number): Promise<Instance>;
  /** All orders there are, as any instance says. */
  orders(instance: Instance): Promise<readonly { readonly item: string }[]>;
}

interface Instance {
  readonly url: string;
  readonly port: number;
  kill(): Promise<void>;
}

async function shop(t: TestContext): Promise<Shop> {
  const data = temporaryFolder();
  const users = await fakeUpstream();
  users.on('GET /users/1', { body: { id: 1, name: 'Ann', email: 'ann@example.com' } });
  const started: Spawned[] = [];
  t.after(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    await users[Symbol.asyncDispose]();
    data.remove();
  });
  return {
    users,
    async start(port) {
      port ??= await freePort();
      const program = spawnCommand(process.execPath, ['apps/order-service/src/main.ts'], {
        SERVER_PORT: String(port),
        DATABASE_URL: `sqlite:${data.folder}/orders.db`,
        SEED_DEMO_DATA: 'false',
        LOG_FORMAT: 'json',
        IDEMPOTENCY_CLAIM_MS: '1000',
        REGISTRY_URL: `static:user-service=127.0.0.1:${users.port}`,
      });
      started.push(program);
      const url = `http://127.0.0.1:${port}`;
      await eventually('order-service is ready', async () => {
        return (await ask(`${url}/ready`).catch(() => undefined))?.status === 200;
      });
      return {
        url,
        port,
        async kill() {
          program.child.kill('SIGKILL');
          await program.ended;
        },
      };
    },
    async orders({ url }) {
      const all: { readonly item: string }[] = [];
      for (let path: string | undefined = '/orders'; path !== undefined; ) {
        const page = await ask(url + path);
        all.push(...(page.json as readonly { readonly item: string }[]));
        path = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
      }
      return all;
    },
  };
}

const place = (url: string, key: string): Promise<Answer> =>
  send('POST', `${url}/orders`, { user_id: 1, item: key, amount: 1 }, { 'idempotency-key': `"${key}"` });

/** Sends it until it is answered, as a client that does not give up. */
async function placeAtLast(urls: () => readonly string[], key: string): Promise<Answer> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const choice = urls();
    const answer = await place(choice[attempt % choice.length] ?? '', key).catch(() => undefined);
    if (answer?.status === 201) return answer;
    if (answer !== undefined) assert.ok([409, 503].includes(answer.status), answer.text);
    await sleep(25);
  }
  throw new Error(`${key} was never answered`);
}

test('killed between the claim and the commit: the key is free again after the claim, and there is one order', async (t) => {
  const { users, start, orders } = await shop(t);
  const gate = Promise.withResolvers<void>();
  users.on('GET /users/1', async (_request, times) => {
    if (times === 0) await gate.promise;
    return { body: { id: 1, name: 'Ann', email: 'ann@example.com' } };
  });
  const first = await start();
  const lost = place(first.url, 'a').catch(() => 'lost');
  await eventually('the order is being worked on', () => users.requests.some(({ path }) => path === '/users/1'));
  await first.kill();
  assert.equal(await lost, 'lost');
  gate.resolve();
  const second = await start(first.port);
  const answer = await placeAtLast(() => [second.url], 'a');
  assert.equal(answer.headers.get('idempotency-replayed'), null);
  assert.equal((await orders(second)).length, 1);
});

test('killed after the commit and before the answer: the answer is repeated, and there is one order', async (t) => {
  const { start, orders } = await shop(t);
  const first = await start();
  await using way = await withFaults(first.url);
  await way.inject(cut('answer'));
  await assert.rejects(place(way.url, 'a'));
  await first.kill();
  const second = await start(first.port);
  const answer = await place(second.url, 'a');
  assert.deepEqual([answer.status, answer.headers.get('idempotency-replayed')], [201, 'true']);
  assert.equal((await orders(second)).length, 1);
  assert.deepEqual((await ask(second.url + answer.headers.get('location'))).json, answer.json);
});

test('200 at once with one key, at two instances: one order, and whoever is not told of it is told to retry', async (t) => {
  const { start, orders } = await shop(t);
  const both = [await start(), await start()] as const;
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => place(both[index % 2 === 0 ? 0 : 1].url, 'a')),
  );
  const placed = answers.filter(({ status }) => status === 201);
  assert.ok(placed.length > 0);
  assert.equal(new Set(placed.map(({ text }) => text)).size, 1);
  assert.equal(placed.filter(({ headers }) => headers.get('idempotency-replayed') === null).length, 1);
  for (const { status, headers } of answers)
    if (status !== 201) assert.deepEqual([status, headers.get('retry-after')], [409, '1']);
  assert.equal((await orders(both[0])).length, 1);
});

test('two instances that are killed in turn, again and again: each request is done once', async (t) => {
  const { start, orders } = await shop(t);
  const instances = [await start(), await start()];
  const urls = (): readonly string[] => instances.map(({ url }) => url);
  let killing = true;
  const keys: string[] = [];
  /** A client that places one order after the other while instances die. */
  const client = async (): Promise<void> => {
    while (killing) {
      const key = `k${keys.length}`;
      keys.push(key);
      assert.match((await placeAtLast(urls, key)).text, new RegExp(`"${key}"`));
    }
  };
  const clients = Promise.all(Array.from({ length: 8 }, client));
  for (const index of [0, 1, 0, 1]) {
    const victim = instances[index];
    assert.ok(victim !== undefined);
    const before = keys.length;
    await eventually('orders are being placed', () => keys.length > before + 20);
    await victim.kill();
    instances[index] = await start(victim.port);
  }
  killing = false;
  await clients;
  assert.ok(instances[0] !== undefined);
  const items = (await orders(instances[0])).map(({ item }) => item);
  assert.deepEqual(items.toSorted(), keys.toSorted());
});
