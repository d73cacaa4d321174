// The port for operators, of a program with several processes and of a whole fleet.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { localCluster } from '@flotilla/conformance';
import { freePort } from '@flotilla/testing';
import { eventually } from './support/eventually.ts';
import { startFleet } from './support/fleet.ts';
import { descendantsOf } from './support/processes.ts';

const expectedWorkers = Math.min(2, availableParallelism());

/** Asks on a connection of its own, so that any worker may get it. */
async function ask(url: string, init: RequestInit = {}): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { connection: 'close', ...(init.body === undefined ? {} : { 'content-type': 'application/json' }) };
  const response = await fetch(url, { ...init, headers });
  return { status: response.status, text: await response.text() };
}

test("all workers of the gateway share one operators' port, with its metrics and log level", async () => {
  const adminPort = await freePort();
  await using cluster = await localCluster({
    instances: { 'order-service': 0 },
    envOf: { gateway: { ADMIN_PORT: String(adminPort), MAX_WORKERS: '2' } },
  });
  const gateway = cluster.one('gateway');
  const admin = `http://127.0.0.1:${adminPort}`;
  const workers = (): readonly number[] => descendantsOf(gateway.pid ?? -1).map(({ pid }) => pid);

  for (const path of ['/metrics', '/readyz', '/log-level'])
    assert.deepEqual([(await ask(gateway.url + path)).status, (await ask(admin + path)).status], [404, 200], path);
  for (const path of ['/health', '/ready', '/livez'])
    assert.deepEqual([(await ask(gateway.url + path)).status, (await ask(admin + path)).status], [200, 200], path);
  for (let count = 0; count < 20; count += 1) assert.equal((await ask(`${gateway.url}/users`)).status, 200);
  const metrics = (await ask(`${admin}/metrics`)).text;
  assert.match(metrics, /http_server_request_duration_seconds_count\{http_route="\/users"[^}]*\} 20/);
  assert.match(metrics, new RegExp(`program_workers ${expectedWorkers}\n`));

  // Whichever worker is told, all follow, and those that come later.
  const change = await ask(`${admin}/log-level`, { method: 'PUT', body: '{"level":"error"}' });
  assert.equal(change.status, 200);
  const levels = async (): Promise<readonly unknown[]> => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(`${admin}/log-level`)));
    return answers.map(({ text }) => (JSON.parse(text) as { level: unknown }).level);
  };
  const allAre = async (level: string): Promise<boolean> => (await levels()).every((each) => each === level);
  await eventually('all workers follow', () => allAre('error'));
  const before = workers();
  const [victim = -1] = before;
  process.kill(victim, 'SIGKILL');
  await eventually(
    'another takes its place',
    () => workers().length === expectedWorkers && !workers().includes(victim),
  );
  await eventually('it follows, too', () => allAre('error'));

  // A reload leaves no moment in which operators are refused, or told that the program is not ready.
  const failures: string[] = [];
  let over = false;
  const watch = async (): Promise<void> => {
    while (!over) {
      const failure = await ask(`${admin}/ready`).then(
        ({ status, text }) => (status === 200 ? undefined : `${status} ${text}`),
        (error: unknown) => inspect(error),
      );
      if (failure !== undefined) failures.push(failure);
    }
  };
  const watching = Promise.all([watch(), watch(), watch(), watch()]);
  const old = workers();
  void gateway.kill('SIGHUP');
  await eventually('only new workers are left', () => {
    const now = workers();
    return now.length === expectedWorkers && now.every((pid) => !old.includes(pid));
  });
  over = true;
  await watching;
  assert.deepEqual(failures, []);
  assert.ok(await allAre('error'));
});

test("an operators' port that is in use ends the start of the gateway with 78, and names the setting", async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo; // Listening on TCP.
  const starting = localCluster({
    instances: { 'order-service': 0, 'user-service': 0 },
    envOf: { gateway: { ADMIN_PORT: String(port), MAX_WORKERS: '2' } },
  });
  const told = `ended with 78[^]*gateway cannot start: port ${port} is in use[^]*Set ADMIN_PORT \\(or --admin-port\\)`;
  await assert.rejects(starting, new RegExp(told));
  holder.close();
});

test("each program of a fleet chooses an operators' port, which the registry knows", async () => {
  await using fleet = await startFleet({
    args: ['--only', 'service-registry,user-service', '--scale', 'user-service=2', '--hang-limit', '3'],
    env: { ADMIN_PORT: '0' },
  });
  const found = await ask(`${fleet.url('service-registry')}/services/user-service/instances`);
  const instances = JSON.parse(found.text) as readonly { metadata: Record<string, string>; address: string }[];
  assert.equal(instances.length, 2);
  for (const { metadata, address } of instances) {
    const admin = `http://${address}:${metadata['admin_port']}`;
    assert.match((await ask(`${admin}/metrics`)).text, /target_info\{[^}]*user-service/);
  }
  assert.equal((await ask(`${fleet.url('user-service')}/metrics`)).status, 404);
  // The supervisor goes on asking the main port, where callers are, whether a program lives.
  const [process_] = fleet.processesOf('user-service');
  const untilMs = performance.now() + 4_000;
  await eventually('it has been asked for longer than the limit', () => performance.now() > untilMs);
  assert.deepEqual(fleet.processesOf('user-service')[0], process_);
});
