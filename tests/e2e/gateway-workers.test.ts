import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type LocalCluster, localCluster } from '@flotilla/conformance';
import { freePort, Program } from '@flotilla/testing';
import { eventually } from './support/eventually.ts';
import { descendantsOf, stillRunning } from './support/processes.ts';
import { type LoadResult, type SteadyLoad, steadyLoad } from './support/steady-load.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'gateway-workers-'));
after(() => rm(folder, { recursive: true }));

/** A file of routes: `/steady` and `also`, both to the users of user-service. */
const routesWith = (also: string): string => {
  const route = (match: string): string =>
    `{ kind: 'proxy', match: '${match}', rewrite: '/users', service: 'user-service' }`;
  return `export const gateway = { routes: [${route('/steady')}, ${route(also)}] };`;
};

interface Fleet extends AsyncDisposable {
  readonly cluster: LocalCluster;
  readonly gateway: Program;
  readonly url: string;
  readonly config: string;
  workers(): readonly number[];
}

let fleets = 0;

async function startFleet(env: Readonly<Record<string, string>> = {}): Promise<Fleet> {
  fleets += 1;
  const config = path.join(folder, `routes-${fleets}.mjs`);
  await writeFile(config, routesWith('/before'));
  const cluster = await localCluster({
    instances: { 'order-service': 0 },
    envOf: { gateway: { GATEWAY_CONFIG: config, MAX_WORKERS: '2', ...env } },
  });
  const gateway = cluster.one('gateway');
  return {
    cluster,
    gateway,
    url: gateway.url,
    config,
    workers: () => descendantsOf(gateway.pid ?? -1).map(({ pid }) => pid),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

/** Waits until that many more answers have come. */
function more(load: SteadyLoad, answers: number): Promise<void> {
  const wanted = load.count + answers;
  return eventually(`${answers} more answers`, () => load.count >= wanted);
}

const askers = { keptAlive: 6, fresh: 3 };
const expectedWorkers = Math.min(2, availableParallelism());

function allGood({ answered, failed }: LoadResult): void {
  assert.deepEqual(failed, []);
  assert.deepEqual([...answered.keys()], [200]);
}

test('a frozen worker is noticed next to one that serves, killed and replaced', async () => {
  await using fleet = await startFleet({ WORKER_HANG_LIMIT_MS: '2s' });
  const [victim = -1] = fleet.workers();
  process.kill(victim, 'SIGSTOP');
  await eventually('a new worker serves in its place', () => {
    const now = fleet.workers();
    return now.length === expectedWorkers && !now.includes(victim);
  });
  // What is written and what is served come by different ways.
  await eventually('it is said', () => fleet.gateway.stderr.includes('"msg":"a worker is unresponsive; ending it"'));
});

test('a killed worker costs at most its requests in progress, and is replaced', async () => {
  await using fleet = await startFleet();
  const before = fleet.workers();
  assert.equal(before.length, expectedWorkers);
  const load = steadyLoad(`${fleet.url}/steady`, askers);
  await more(load, 20);
  const [victim = -1] = before;
  process.kill(victim, 'SIGKILL');
  await eventually('a new worker serves', () => {
    const now = fleet.workers();
    const said = new RegExp(`"worker":${expectedWorkers + 1},.*"listening"`);
    return now.length === expectedWorkers && !now.includes(victim) && said.test(fleet.gateway.stdout);
  });
  await more(load, 60);
  const { answered, failed } = await load.stop();
  assert.deepEqual([...answered.keys()], [200]);
  assert.ok(failed.length <= askers.keptAlive + askers.fresh, failed.join());
  assert.equal(failed.includes('ECONNREFUSED'), false, 'new connections wait for a worker that lives');
  assert.match(fleet.gateway.stderr, /"signal":"SIGKILL".*a worker ended; replacing it/);
});

test('connections wait while a single worker is replaced', async () => {
  await using fleet = await startFleet({ MAX_WORKERS: '1' });
  const [victim = -1, ...others] = fleet.workers();
  assert.deepEqual(others, []);
  process.kill(victim, 'SIGKILL');
  assert.equal((await fetch(`${fleet.url}/steady`)).status, 200);
  assert.notEqual(fleet.workers()[0], victim);
});

test('a reload applies new routes without a failed request, and does not register again', async () => {
  await using fleet = await startFleet();
  const before = fleet.workers();
  const load = steadyLoad(`${fleet.url}/steady`, askers);
  await more(load, 20);
  for (const route of ['/between', '/after']) {
    await writeFile(fleet.config, routesWith(route));
    void fleet.gateway.kill('SIGHUP');
    const reloads = route === '/between' ? 1 : 2;
    await eventually('the reload', () => fleet.gateway.stdout.split('"msg":"reloaded"').length > reloads);
    await more(load, 20);
  }
  await eventually('the workers of before have gone', () => stillRunning(before).length === 0);
  await eventually('only new workers are left', () => fleet.workers().length === expectedWorkers);
  await more(load, 20);
  allGood(await load.stop());
  assert.equal((await fetch(`${fleet.url}/after`)).status, 200);
  assert.equal((await fetch(`${fleet.url}/before`)).status, 404);
  assert.equal((await fetch(`${fleet.url}/between`)).status, 404);
  const found = await fetch(`${fleet.cluster.url('service-registry')}/services/gateway/instances?served=true`);
  const instances: unknown = await found.json();
  assert.ok(Array.isArray(instances));
  assert.equal(instances.length, 1);
});

test('a reload with a bad routes file changes nothing and reports what is wrong', async () => {
  await using fleet = await startFleet();
  const before = fleet.workers();
  const load = steadyLoad(`${fleet.url}/steady`, askers);
  await more(load, 20);
  await writeFile(
    fleet.config,
    `export const gateway = { routes: [{ kind: 'proxy', match: 'no-slash', service: '' }] };`,
  );
  void fleet.gateway.kill('SIGHUP');
  await eventually('the refusal', () => fleet.gateway.stderr.includes('reload failed'));
  await more(load, 20);
  allGood(await load.stop());
  assert.match(fleet.gateway.stderr, /routes\[0\]\.match/);
  await eventually('only the workers of before are left', () => fleet.workers().length === before.length);
  assert.deepEqual(fleet.workers().toSorted(), before.toSorted());
});

test('every worker shows the metrics of all, including those of workers that have ended', async () => {
  await using fleet = await startFleet();
  const load = steadyLoad(`${fleet.url}/steady`, askers);
  await more(load, 40);
  const { answered } = await load.stop();
  const shown = async (): Promise<string | undefined> => {
    const page = await (await fetch(`${fleet.url}/metrics`, { headers: { connection: 'close' } })).text();
    return /http_server_request_duration_seconds_count\{http_route="\/steady"[^}]*\} (\d+)/.exec(page)?.[1];
  };
  const counts = await Promise.all(Array.from({ length: 10 }, shown));
  assert.deepEqual(new Set(counts), new Set([String(answered.get(200))]));
  const [victim = -1] = fleet.workers();
  process.kill(victim, 'SIGKILL');
  await eventually('it has gone', () => stillRunning([victim]).length === 0);
  assert.equal(await shown(), String(answered.get(200)));
});

test('workers keep serving when their primary is killed, until those of the next one take over', async () => {
  const adminPort = await freePort();
  await using fleet = await startFleet({ ADMIN_PORT: String(adminPort) });
  const before = fleet.workers();
  const load = steadyLoad(`${fleet.url}/steady`, askers);
  await more(load, 20);
  await fleet.gateway.kill();
  // Few: the workers go on for ten seconds, in which the next primary has to start.
  await more(load, 20);
  assert.equal(stillRunning(before).length, expectedWorkers);
  const operators = async (): Promise<number> => (await fetch(`http://127.0.0.1:${adminPort}/ready`)).status;
  assert.equal(await operators(), 200);
  await fleet.gateway.start();
  await more(load, 20);
  await eventually('the workers of before have gone', () => stillRunning(before).length === 0);
  await more(load, 20);
  const { answered, failed } = await load.stop();
  assert.deepEqual([...answered.keys()], [200]);
  assert.equal(failed.includes('ECONNREFUSED'), false, 'somebody listens all the time');
  // What waits in the old socket's queue in the moment in which it closes; a supervisor that keeps it spares even that.
  assert.ok(failed.length <= 2, failed.join());
  assert.match(fleet.gateway.stdout, /the primary is gone; serving until another takes over/);
  const found = await fetch(`${fleet.cluster.url('service-registry')}/services/gateway/instances?served=true`);
  const instances: unknown = await found.json();
  assert.ok(Array.isArray(instances));
  assert.equal(instances.length, 1);
  assert.equal(await operators(), 200);
});

test('workers whose primary is not restarted deregister and exit', async () => {
  await using fleet = await startFleet();
  const workers = fleet.workers();
  await fleet.gateway.kill();
  await eventually('the workers have gone', () => stillRunning(workers).length === 0);
  await eventually('what they said has arrived', () =>
    /"reason":"the supervisor is gone".*"msg":"stopping"/.test(fleet.gateway.stdout),
  );
  const found = await fetch(`${fleet.cluster.url('service-registry')}/services/gateway/instances`);
  assert.deepEqual(await found.json(), []);
});

test('a stop ends all workers with 0', async () => {
  await using fleet = await startFleet();
  const workers = fleet.workers();
  assert.deepEqual(await fleet.gateway.kill('SIGTERM'), { code: 0, signal: null });
  assert.deepEqual(stillRunning(workers), []);
});

test('a failed start is reported once, for any number of workers', async (t) => {
  const taken = createServer();
  t.after(() => taken.close());
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const bound = taken.address();
  const port = typeof bound === 'object' ? String(bound?.port) : '';
  const config = path.join(folder, 'wrong.mjs');
  await writeFile(config, 'export const gateway = { routes: [] };');
  const entry = path.join(import.meta.dirname, '../../apps/gateway/src/main.ts');
  const common = { SERVER_HOST: '127.0.0.1', MAX_WORKERS: '2' };
  for (const [env, message] of [
    [{ SERVER_PORT: port }, /cannot start: port \d+ is in use/g],
    [{ SERVER_PORT: '0', GATEWAY_CONFIG: config }, /is not a valid configuration/g],
    [{ SERVER_PORT: 'x' }, /a setting is wrong/g],
  ] as const) {
    await using program = new Program({ entry, env: { ...common, ...env } });
    program.launch();
    assert.deepEqual(await program.exited, { code: 78, signal: null });
    assert.equal(program.stderr.match(message)?.length, 1, program.stderr);
  }
});

test('a request that comes back is recognized by any worker, by a name that all share', async () => {
  const config = path.join(folder, 'round.mjs');
  await writeFile(config, `export const gateway = { routes: [{ kind: 'proxy', match: '/round', service: 'round' }] };`);
  await using fleet = await startFleet({ GATEWAY_CONFIG: config });
  const { port } = new URL(fleet.url);
  const registered = await fetch(`${fleet.cluster.one('service-registry').url}/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'round', address: '127.0.0.1', port: Number(port) }),
  });
  assert.equal(registered.status, 200);
  let refused = 0;
  const ask = async (): Promise<number> => {
    const { status } = await fetch(`${fleet.url}/round`, { headers: { Connection: 'close' } });
    if (status === 508) refused += 1;
    return status;
  };
  await eventually('the gateway has found itself', async () => (await ask()) !== 503);
  assert.deepEqual(new Set(await Promise.all(Array.from({ length: 20 }, ask))), new Set([508]));
  const logged = (): number => [...fleet.gateway.stdout.concat(fleet.gateway.stderr).matchAll(/"status":508/g)].length;
  await eventually('all are logged', () => logged() >= 2 * refused);
  assert.equal(logged(), 2 * refused, 'each went round once, and no further');
});
