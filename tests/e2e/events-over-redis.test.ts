// Events of user-service reach order-service through Redis, over real processes that are killed.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findRedis, startRedis } from '@flotilla/conformance/databases';
import { freePort, Program } from '@flotilla/testing';
import { Random } from '../fuzz/random.ts';
import { ask, send } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/fleet.ts';

const engine = findRedis();
const skip = engine.kind === 'missing' ? engine.reason : false;
const main = (service: string): string => fileURLToPath(new URL(`../../apps/${service}/src/main.ts`, import.meta.url));

/** Starts a service; `port` '0' if nobody has to know it. */
async function startService(t: TestContext, name: string, env: Readonly<Record<string, string>>): Promise<Program> {
  const program = new Program({ entry: main(name), env });
  t.after(() => program[Symbol.asyncDispose]());
  await program.start();
  return program;
}

test('each deleted user has its order cancelled once, whoever is killed meanwhile', { skip }, async (t) => {
  assert.ok(engine.kind === 'found');
  const redis = await startRedis({ path: engine.path });
  t.after(() => redis[Symbol.asyncDispose]());
  const data = temporaryFolder();
  t.after(() => data.remove());
  const [first, second] = [String(await freePort()), String(await freePort())];
  const shared = {
    ...{ SERVER_HOST: '127.0.0.1', LOG_LEVEL: 'error', SEED_DEMO_DATA: 'false', REDIS_URL: redis.url },
    ...{ REGISTRY_URL: `static:user-service=127.0.0.1:${first},user-service=127.0.0.1:${second}`, GRPC_PORT: '0' },
  };
  const database = (service: string): string => `sqlite:${join(data.folder, `${service}.db`)}`;
  const usersEnv = { ...shared, DATABASE_URL: database('user-service') };
  const users = [
    await startService(t, 'user-service', { ...usersEnv, SERVER_PORT: first }),
    await startService(t, 'user-service', { ...usersEnv, SERVER_PORT: second }),
  ];
  const ordersEnv = { ...shared, SERVER_PORT: '0', DATABASE_URL: database('order-service') };
  const orders = await startService(t, 'order-service', ordersEnv);

  const seed = Number(process.env['EVENTS_SEED'] ?? Date.now() % 1_000_000);
  t.diagnostic(`seed ${seed}`);
  const random = new Random(seed);
  /** Asks whoever answers: one of the instances may be down. */
  const usersUrl = (): string => random.pick(users).url;
  const placed: number[] = [];
  for (let round = 1; round <= 3; round += 1) {
    const ids: number[] = [];
    for (let index = 1; index <= 3; index += 1) {
      const added = await send('POST', `${usersUrl()}/users`, { name: 'U', email: `u${round}-${index}@example.com` });
      assert.equal(added.status, 201, added.text);
      ids.push((added.json as { id: number }).id);
    }
    for (const user_id of ids) {
      const order = await send('POST', `${orders.url}/orders`, { user_id, item: 'Tea', amount: 1 });
      assert.equal(order.status, 201, order.text);
      placed.push((order.json as { id: number }).id);
    }
    const restart = random.pick([
      async () => (await redis.kill(), () => redis.start()),
      async () => (await redis.freeze(), () => redis.thaw()),
      async () => (await orders.kill(), () => orders.start()),
      async () => {
        const [relay, other] = users;
        assert.ok(relay !== undefined && other !== undefined);
        const killed = random.pick([relay, other]);
        users.splice(users.indexOf(killed), 1);
        await killed.kill();
        return async () => {
          await killed.start();
          users.push(killed);
        };
      },
    ]);
    for (const [index, id] of ids.entries()) {
      const undo = index === 1 ? await restart() : undefined;
      const removed = await ask(`${usersUrl()}/users/${id}`, { method: 'DELETE' });
      assert.equal(removed.status, 204, removed.text);
      await undo?.();
    }
  }
  await eventually('all orders are cancelled', async () => {
    for (const id of placed) {
      const { json } = await ask(`${orders.url}/orders/${id}`);
      if ((json as { cancelled_at?: string }).cancelled_at === undefined) return false;
    }
    return true;
  });
  const { json } = await ask(`${orders.url}/events?after=0&limit=1000`);
  const told = (json as { events: { type: string; subject: string }[] }).events;
  const cancelled = told.filter(({ type }) => type === 'order.cancelled').map(({ subject }) => subject);
  assert.deepEqual(cancelled.toSorted(), placed.map((id) => `orders/${id}`).toSorted(), 'each once');
  // Not only the feed has brought them: the stream comes to its end as well.
  const { newest } = (await ask(`${usersUrl()}/events`)).json as { newest: number };
  await eventually('the stream has the last event', async () =>
    (await redis.ask('XREVRANGE', 'flotilla:events:user-service', '+', '-', 'COUNT', '1')).includes(
      `\r\n${newest}-0\r\n`,
    ),
  );
});
