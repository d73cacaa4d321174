// order-service follows the events of user-service, over real processes.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort, Program } from '@flotilla/testing';
import { ask, send } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/fleet.ts';

interface Pair extends AsyncDisposable {
  readonly users: Program;
  readonly orders: Program;
  /** Adds a user and returns its id. */
  addUser(name: string): Promise<number>;
  removeUser(id: number): Promise<void>;
  /** Tries to place an order, and returns the status and the order's id. */
  place(userId: number): Promise<{ readonly status: number; readonly id: number }>;
  isCancelled(order: number): Promise<boolean>;
  /** How often order-service has copied all users. */
  copies(): Promise<number>;
  /** Starts user-service with a new database. */
  replaceUsers(): Promise<void>;
}

const main = (service: string): string => fileURLToPath(new URL(`../../apps/${service}/src/main.ts`, import.meta.url));

/** Both services, without a registry. */
async function startPair(env: Readonly<Record<string, string>> = {}): Promise<Pair> {
  const data = temporaryFolder();
  const userPort = String(await freePort());
  const shared = {
    ...{ SERVER_HOST: '127.0.0.1', LOG_LEVEL: 'warn', REGISTRY_URL: `static:user-service=127.0.0.1:${userPort}` },
    ...{ SEED_DEMO_DATA: 'false', GRPC_PORT: '0', ...env },
  };
  const program = (service: string, port: string): Program => {
    const DATABASE_URL = `sqlite:${join(data.folder, `${service}.db`)}`;
    return new Program({ entry: main(service), env: { ...shared, SERVER_PORT: port, DATABASE_URL } });
  };
  const users = program('user-service', userPort);
  const orders = program('order-service', '0');
  await Promise.all([users.start(), orders.start()]);
  return {
    users,
    orders,
    async addUser(name) {
      const added = await send('POST', `${users.url}/users`, { name, email: `${name}@example.com` });
      assert.equal(added.status, 201, added.text);
      return (added.json as { id: number }).id;
    },
    async removeUser(id) {
      const removed = await ask(`${users.url}/users/${id}`, { method: 'DELETE' });
      assert.equal(removed.status, 204, removed.text);
    },
    async place(user_id) {
      const placed = await send('POST', `${orders.url}/orders`, { user_id, item: 'Tea', amount: 1 });
      return { status: placed.status, id: (placed.json as { id: number }).id };
    },
    async isCancelled(order) {
      const { json } = await ask(`${orders.url}/orders/${order}`);
      return (json as { cancelled_at?: string }).cancelled_at !== undefined;
    },
    async copies() {
      const { text } = await ask(`${orders.url}/metrics`);
      return Number(/^events_copies_total\{[^}]*\} (\d+)$/m.exec(text)?.[1] ?? 0);
    },
    async replaceUsers() {
      await users.kill();
      for (const end of ['', '-wal', '-shm']) rmSync(join(data.folder, `user-service.db${end}`), { force: true });
      await users.start();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([users[Symbol.asyncDispose](), orders[Symbol.asyncDispose]()]);
      data.remove();
    },
  };
}

test('orders of known users are placed while user-service is away, and those of a deleted user are cancelled', async () => {
  await using pair = await startPair();
  const [stays, goes] = [await pair.addUser('stays'), await pair.addUser('goes')];
  const kept = await pair.place(stays);
  const dropped = await pair.place(goes);
  assert.deepEqual([kept.status, dropped.status], [201, 201]);
  // Deleted while order-service does not listen.
  await pair.orders.kill();
  await pair.removeUser(goes);
  await pair.orders.start();
  await eventually('the order of the deleted user is cancelled', () => pair.isCancelled(dropped.id));
  await pair.users.kill();
  assert.equal((await pair.place(stays)).status, 201);
  assert.equal((await pair.place(goes)).status, 404);
  assert.equal((await pair.place(999)).status, 503);
  assert.equal(await pair.isCancelled(kept.id), false);
  const { json } = await ask(`${pair.orders.url}/ready`);
  assert.equal((json as { status: string }).status, 'ready');
});

test('a user-service with another database is noticed: nobody is taken for somebody else, and no order is cancelled', async () => {
  await using pair = await startPair();
  await eventually('order-service follows', async () => (await pair.copies()) === 1);
  const [first, second] = [await pair.addUser('one'), await pair.addUser('two')];
  const order = await pair.place(second);
  await pair.removeUser(first);
  await eventually('the deletion is known', async () => (await pair.place(first)).status === 404);
  await pair.replaceUsers();
  const again = await pair.addUser('other');
  assert.equal(again, first, 'ids begin anew');
  await eventually('order-service follows the new one', async () => (await pair.copies()) === 2);
  await eventually('the new user is known', async () => (await pair.place(again)).status === 201);
  await pair.users.kill();
  assert.equal((await pair.place(again)).status, 201);
  assert.equal((await pair.place(second)).status, 503, 'nothing is known of this id');
  assert.equal(await pair.isCancelled(order.id), false);
});
