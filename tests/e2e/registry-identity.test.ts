// Who is registered: when the registry loses its database, and when two processes say that they are the same instance.
import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type LocalCluster, localCluster } from '@flotilla/conformance';
import type { ServiceInstance } from '@flotilla/contracts';
import { type Program, spawnProgram } from '@flotilla/testing';
import { ask } from './support/ask.ts';
import { eventually } from './support/eventually.ts';

async function instances(cluster: LocalCluster): Promise<readonly ServiceInstance[]> {
  const { status, json } = await ask(`${cluster.url('service-registry')}/services/user-service/instances`);
  assert.equal(status, 200);
  return json as readonly ServiceInstance[]; // The status says so.
}

const shown = (list: readonly ServiceInstance[]): readonly string[] => list.map(({ id, status }) => `${id} ${status}`);

function userService(t: TestContext, cluster: LocalCluster, env: Readonly<Record<string, string>>): Promise<Program> {
  const program = spawnProgram({
    entry: fileURLToPath(new URL('../../apps/user-service/src/main.ts', import.meta.url)),
    cwd: cluster.folder,
    env: {
      SERVER_HOST: '127.0.0.1',
      SERVER_PORT: '0',
      GRPC_PORT: '0',
      REGISTRY_URL: cluster.url('service-registry'),
      DATABASE_URL: `sqlite:${join(cluster.folder, `${Math.random()}.db`)}`,
      LOG_FORMAT: 'json',
      ...env,
    },
  });
  t.after(async () => (await program).kill());
  return program;
}

test('a registry that restarts without its database loses nothing: no request fails, and all register at once', async (t) => {
  await using cluster = await localCluster({ instances: { 'order-service': 0 }, env: { MAX_WORKERS: '1' } });
  const statuses: number[] = [];
  let asking = true;
  const caller = (async () => {
    while (asking) statuses.push((await ask(`${cluster.url('gateway')}/api/user/?id=1`)).status);
  })();
  t.after(() => {
    asking = false;
  });
  const registry = cluster.one('service-registry');
  await registry.kill();
  for (const name of await readdir(cluster.folder))
    if (name.startsWith('service-registry')) await rm(join(cluster.folder, name));
  await registry.start();
  const startMs = performance.now();
  await eventually('registered again', async () => (await instances(cluster)).length === 1);
  const tookMs = performance.now() - startMs;
  const asked = statuses.length;
  await eventually('more was asked', () => statuses.length > asked + 50);
  asking = false;
  await caller;
  assert.deepEqual([...new Set(statuses)], [200], `of ${statuses.length}`);
  // A renewal alone would come after 16 s at the soonest.
  assert.ok(tookMs < 10_000, `${tookMs} ms`);
});

test('two processes with the same id are both served, both logs say so, and stopping one leaves the other', async (t) => {
  await using cluster = await localCluster({ instances: { gateway: 0, 'user-service': 0, 'order-service': 0 } });
  const same = { INSTANCE_ID: 'users', LEASE_MS: '3000' };
  const older = await userService(t, cluster, same);
  await eventually('the older is registered', async () => (await instances(cluster)).length === 1);
  const newer = await userService(t, cluster, same);
  await eventually('both are registered', async () => (await instances(cluster)).length === 2);
  const portOf = ({ url }: Program): number => Number(new URL(url).port);
  const byId = new Map((await instances(cluster)).map(({ id, port }) => [id, port]));
  assert.equal(byId.get('users'), portOf(newer), 'the newer has the id');
  assert.ok([...byId.values()].includes(portOf(older)));
  assert.match(older.stdout + older.stderr, /another process has registered with the id of this one/);
  const registry = cluster.one('service-registry');
  assert.match(registry.stdout + registry.stderr, /a process uses a registration that a newer one has replaced/);
  await older.kill('SIGTERM');
  assert.deepEqual(shown(await instances(cluster)), ['users passing']);
});

test('a process that is replaced by one with the same id, and stopped last, leaves the new one registered', async (t) => {
  await using cluster = await localCluster({ instances: { gateway: 0, 'user-service': 0, 'order-service': 0 } });
  const older = await userService(t, cluster, { INSTANCE_ID: 'users' });
  await eventually('the older is registered', async () => (await instances(cluster)).length === 1);
  const [{ port } = assert.fail()] = await instances(cluster);
  const newer = await userService(t, cluster, { INSTANCE_ID: 'users' });
  await eventually('the newer is registered', async () => (await instances(cluster))[0]?.port !== port);
  await older.kill('SIGTERM');
  const list = await instances(cluster);
  assert.deepEqual([shown(list), list[0]?.port], [['users passing'], Number(new URL(newer.url).port)]);
});

test('maintenance set by an operator survives the graceful restart of the instance', async (t) => {
  await using cluster = await localCluster({ instances: { gateway: 0, 'user-service': 0, 'order-service': 0 } });
  const first = await userService(t, cluster, { INSTANCE_ID: 'users' });
  await eventually('registered', async () => (await instances(cluster)).length === 1);
  const path = `${cluster.url('service-registry')}/services/user-service/instances/users/status`;
  const setStatus = async (status: string): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(path, { method: 'PUT', headers, body: JSON.stringify({ status }) });
    assert.equal(answer.status, 200);
  };
  await setStatus('maintenance');
  await first.kill('SIGTERM');
  assert.deepEqual(await instances(cluster), []);
  await userService(t, cluster, { INSTANCE_ID: 'users' });
  await eventually('registered again', async () => (await instances(cluster)).length === 1);
  assert.deepEqual(shown(await instances(cluster)), ['users maintenance']);
  await setStatus('passing');
  await eventually('served again', async () => (await instances(cluster))[0]?.status === 'passing');
});
