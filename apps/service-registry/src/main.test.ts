import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ServiceInstance } from '@flotilla/contracts';

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
  /** What it has written, both streams together. */
  readonly output: () => string;
}

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

/** How it is started, where a test wants it otherwise. */
interface Launch {
  /** Shell commands that limit what the program may use. */
  readonly limits?: string;
  readonly host?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function launch(
  t: TestContext,
  databaseUrl: string,
  { limits = ':', host = '127.0.0.1', env = {} }: Launch = {},
): { process: ChildProcess; output: () => string } {
  const child = spawn('/bin/sh', ['-c', `${limits}; exec "$0" "$1"`, process.execPath, program], {
    env: { PATH: process.env['PATH'], SERVER_PORT: '0', SERVER_HOST: host, DATABASE_URL: databaseUrl, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  return { process: child, output: () => output };
}

async function started(t: TestContext, databaseUrl: string, how?: Launch): Promise<Running> {
  const launched = launch(t, databaseUrl, how);
  const { promise, resolve } = Promise.withResolvers<string>();
  launched.process.on('message', (message: { readonly type?: unknown; readonly url?: unknown }) => {
    if (message.type === 'ready') resolve(String(message.url));
  });
  const ended = once(launched.process, 'exit').then(() => assert.fail(`It ended at the start: ${launched.output()}`));
  return { ...launched, url: await Promise.race([promise, ended]) };
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'flotilla-registry-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

async function register(url: string, body: object): Promise<ServiceInstance> {
  const response = await fetch(`${url}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200);
  return ((await response.json()) as { instance: ServiceInstance }).instance; // The status says that it is one.
}

async function listed(url: string): Promise<readonly ServiceInstance[]> {
  return (await (await fetch(`${url}/services`)).json()) as ServiceInstance[]; // As above; compared by the tests.
}

/** Resolves when the program says that it is not ready: a result of its checks is used for a second. */
async function notReady(url: string): Promise<void> {
  while ((await fetch(`${url}/ready`)).status !== 503) await new Promise((resolve) => setImmediate(resolve));
}

test('a registry that is killed while it works has everything that it acknowledged when it returns', async (t) => {
  const databaseUrl = `sqlite:${join(await folder(t), 'registry.db')}`;
  const first = await started(t, databaseUrl);
  const acknowledged = new Map<string, ServiceInstance>();
  const removed = new Set<string>();
  const exited = once(first.process, 'exit');
  let running = true;
  const worker = async (index: number): Promise<void> => {
    for (let port = 1 + index; running; port += 8) {
      const instance = await register(first.url, { name: 'web', address: '10.0.0.1', port, tags: [`t${port}`] });
      acknowledged.set(instance.id, instance);
      if (port % 5 === 0) {
        // From here on either answer would be right until the deregistration is acknowledged.
        acknowledged.delete(instance.id);
        const path = `${first.url}/services/web/instances/${instance.id}`;
        if ((await fetch(path, { method: 'DELETE' })).status === 204) removed.add(instance.id);
      }
      if (acknowledged.size >= 400 && running) {
        running = false;
        first.process.kill('SIGKILL');
      }
    }
  };
  // Requests that were on their way when it died fail; that is the point.
  await Promise.allSettled(Array.from({ length: 8 }, (_, index) => worker(index)));
  await exited;
  assert.ok(removed.size > 0);

  const second = await started(t, databaseUrl);
  const found = new Map((await listed(second.url)).map((instance) => [instance.id, instance]));
  for (const [id, { last_seen: _, ...record }] of acknowledged) {
    const { last_seen, ...now } = found.get(id) ?? assert.fail(`${id} is lost`);
    assert.deepEqual(now, record);
    assert.ok(Number.isFinite(Date.parse(last_seen)));
  }
  for (const id of removed) assert.ok(!found.has(id), `${id} has come back`);
  const highest = Math.max(...[...acknowledged.values()].map(({ revision }) => revision));
  assert.ok((await register(second.url, { name: 'api', address: '10.0.0.1', port: 1 })).revision > highest);
});

test('a registry that is told to stop ends its watches at once and exits with 0', async (t) => {
  const running = await started(t, `sqlite:${join(await folder(t), 'registry.db')}`);
  const watch = await fetch(`${running.url}/watch`);
  const exited = once(running.process, 'exit');
  running.process.kill('SIGTERM');
  assert.match(await watch.text(), /event: snapshot/);
  assert.deepEqual(await exited, [0, null]);
});

test('a database that cannot be used is reported, and the exit code says configuration', async (t) => {
  const path = await folder(t);
  const databaseUrl = `sqlite:${join(path, 'registry.db')}`;
  await started(t, databaseUrl);
  const second = launch(t, databaseUrl);
  const [code] = await once(second.process, 'exit');
  assert.equal(code, 78, second.output());
  assert.match(second.output(), /Another process is using the database .*registry\.db\. Stop the other registry/);
});

test('when its disk is full, it refuses changes, is not ready, and serves no instance with an expired lease', async (t) => {
  const path = await folder(t);
  // No file may have more than 320 blocks of 512 bytes; ignoring the signal makes it an error like that of a full disk.
  const its = await started(t, `sqlite:${join(path, 'registry.db')}`, {
    limits: "trap '' XFSZ; ulimit -f 320",
  });
  await register(its.url, { name: 'short', address: '10.0.0.1', port: 1, lease_ms: 1_000 });
  const lasting = { name: 'long', address: '10.0.0.1', port: 2 };
  await register(its.url, lasting);
  // Until the log has no room for a page more: small changes, as removals are.
  const change = async (weight: number): Promise<number> =>
    (
      await fetch(`${its.url}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...lasting, weight: weight % 1_000 }),
      })
    ).status;
  let status = 200;
  for (let weight = 2; status === 200 && weight < 500; weight += 1) status = await change(weight);
  assert.equal(status, 503);
  const gone = async (): Promise<boolean> => (await fetch(`${its.url}/service/short`)).status === 404;
  while (!(await gone())) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    (await listed(its.url)).map(({ name }) => name),
    ['long'],
  );
  await notReady(its.url);
  assert.equal((await fetch(`${its.url}/health`)).status, 200);
  assert.equal(
    (await fetch(`${its.url}/services/long/instances/long-10.0.0.1-2/lease`, { method: 'PUT' })).status,
    200,
  );
});

test('when its file is deleted while it runs, it acknowledges nothing that would be lost, and says so', async (t) => {
  const path = await folder(t);
  const its = await started(t, `sqlite:${join(path, 'registry.db')}`);
  await register(its.url, { name: 'web', address: '10.0.0.1', port: 1 });
  await rm(join(path, 'registry.db'));
  const answer = await fetch(`${its.url}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'web', address: '10.0.0.1', port: 2 }),
  });
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /STORAGE_UNAVAILABLE/);
  await notReady(its.url);
  assert.match(its.output(), /registry\.db was deleted while in use/);
  assert.equal((await listed(its.url)).length, 1);
});

test('without access tokens it does not listen where others can reach it, unless it is told to', async (t) => {
  const refused = launch(t, 'sqlite::memory:', { host: '0.0.0.0' });
  assert.deepEqual(await once(refused.process, 'exit'), [78, null]);
  assert.match(
    refused.output(),
    /no access tokens.*REGISTRY_TOKENS_FILE.*SERVER_HOST=127\.0\.0\.1.*ALLOW_OPEN_REGISTRY/,
  );
  const open = await started(t, 'sqlite::memory:', { host: '0.0.0.0', env: { ALLOW_OPEN_REGISTRY: 'true' } });
  assert.equal(open.output().match(/this registry is open/g)?.length, 1);
  assert.match(open.output(), /"level":"warn".*this registry is open: anyone who can reach this address may register/);
  const closed = await started(t, 'sqlite::memory:');
  assert.doesNotMatch(closed.output(), /is open/);
});

test('tokens that change in their file apply without a restart; a mistake in it changes nothing', async (t) => {
  const file = join(await folder(t), 'tokens.json');
  const entry = (token: string): string => JSON.stringify([{ name: 'orders', token, register: ['order-'] }]);
  await writeFile(file, entry('the-first-token-of-orders'));
  const its = await started(t, 'sqlite::memory:', { host: '0.0.0.0', env: { REGISTRY_TOKENS_FILE: file } });
  const url = its.url.replace('0.0.0.0', '127.0.0.1');
  const status = async (token: string): Promise<number> => {
    const body = JSON.stringify({ name: 'order-service', address: '10.0.0.1', port: 80 });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    return (await fetch(`${url}/register`, { method: 'POST', headers, body })).status;
  };
  const becomes = async (wanted: () => Promise<boolean>): Promise<void> => {
    while (!(await wanted())) await new Promise((resolve) => setImmediate(resolve));
  };
  assert.equal(await status('the-first-token-of-orders'), 200);
  assert.equal(await status('another-token-of-orders'), 403);
  assert.match(its.output(), /"level":"warn".*request refused/);
  await writeFile(file, entry('another-token-of-orders'));
  await becomes(async () => (await status('another-token-of-orders')) === 200);
  assert.equal(await status('the-first-token-of-orders'), 403);
  await writeFile(file, '[{"name":"orders"}]');
  await becomes(async () => its.output().includes('the new ones are not valid'));
  assert.equal(await status('another-token-of-orders'), 200);
  assert.doesNotMatch(its.output(), /token-of-orders/);
});

test('a list of tokens that cannot be used ends the start, with every mistake and no token', async (t) => {
  const tokens = '[{"name":"a","token":"short"},{"name":"b"}]';
  for (const env of [{ REGISTRY_TOKENS: tokens }, { REGISTRY_TOKENS_FILE: '/nowhere/tokens.json' }]) {
    const refused = launch(t, 'sqlite::memory:', { env });
    assert.deepEqual(await once(refused.process, 'exit'), [78, null]);
    assert.match(
      refused.output(),
      /\[0\]\.token.*\n.*\[1\]\.token|Cannot read \/nowhere\/tokens\.json \(REGISTRY_TOKENS_FILE\): the file does not exist\./,
    );
    assert.doesNotMatch(refused.output(), /short"/);
  }
});

test('a client that has too many connections is told so, and others are served', async (t) => {
  const its = await started(t, 'sqlite::memory:', { env: { MAX_CONNECTIONS_PER_CLIENT: '2' } });
  const port = Number(new URL(its.url).port);
  const held = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  t.after(() => held.forEach((socket) => void socket.destroy()));
  await Promise.all(held.map((socket) => once(socket, 'connect')));
  const answer = await fetch(`${its.url}/services`);
  assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '1']);
  assert.match(await answer.text(), /MAX_CONNECTIONS_PER_CLIENT allows 2/);
  held[0]?.destroy();
  while (true) {
    const again = await fetch(`${its.url}/services`);
    if (again.status === 200) break;
    await again.text();
  }
});
