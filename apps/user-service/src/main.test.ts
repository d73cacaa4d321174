import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-user-service-'));
/** All that were started: a test that fails must not leave one behind. */
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Starts the program as a person would, on a free port and with nobody at the registry's address. */
async function start(databaseUrl: string, env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    env: {
      PATH: process.env['PATH'],
      SERVER_HOST: '127.0.0.1',
      SERVER_PORT: '0',
      GRPC_PORT: '0',
      DATABASE_URL: databaseUrl,
      REGISTRY_URL: 'http://127.0.0.1:1',
      LOG_FORMAT: 'json',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = JSON.parse(line);
    if (msg !== 'listening') continue;
    child.stdout.resume();
    return { child, url };
  }
  throw new Error('user-service ended before it listened');
}

async function stop({ child }: Running, signal: NodeJS.Signals): Promise<unknown> {
  const exit = once(child, 'exit');
  child.kill(signal);
  return (await exit)[0];
}

test('acknowledged writes survive kill -9, and no id is reused', async () => {
  const databaseUrl = `sqlite:${join(folder, 'users.db')}`;
  const headers = { 'content-type': 'application/json' };
  const first = await start(databaseUrl);
  const acknowledged: unknown[] = [];
  for (let i = 0; i < 20; i += 1) {
    const body = JSON.stringify({ name: `User ${i}`, email: `user-${i}@example.com` });
    const response = await fetch(`${first.url}/users`, { method: 'POST', headers, body });
    assert.equal(response.status, 201);
    acknowledged.push(await response.json());
  }
  await fetch(`${first.url}/users/22`, { method: 'DELETE' });
  await stop(first, 'SIGKILL');

  const second = await start(databaseUrl);
  const users: unknown = await (await fetch(`${second.url}/users`)).json();
  assert.ok(Array.isArray(users));
  assert.deepEqual(users.slice(2), acknowledged.slice(0, -1));
  const body = JSON.stringify({ name: 'Next', email: 'next@example.com' });
  const next = await (await fetch(`${second.url}/users`, { method: 'POST', headers, body })).json();
  assert.deepEqual(next, { id: 23, name: 'Next', email: 'next@example.com' });
  assert.equal(await stop(second, 'SIGTERM'), 0);
});

test('a production database begins empty, and one that has the example rows keeps them', async () => {
  const users = async ({ url }: Running): Promise<unknown> => (await fetch(`${url}/users`)).json();
  const empty = `sqlite:${join(folder, 'empty.db')}`;
  const production = await start(empty, { NODE_ENV: 'production' });
  assert.deepEqual(await users(production), []);
  await stop(production, 'SIGTERM');
  const seeded = await start(empty, { NODE_ENV: 'production', SEED_DEMO_DATA: 'true' });
  assert.equal(JSON.stringify(await users(seeded)).includes('Alice'), true);
  await stop(seeded, 'SIGTERM');
  const kept = await start(empty, { SEED_DEMO_DATA: 'false' });
  assert.equal(JSON.stringify(await users(kept)).includes('Alice'), true);
  await stop(kept, 'SIGTERM');
});

test('a lock of another process on the database delays writers, and nobody else', async () => {
  const file = join(folder, 'locked.db');
  const running = await start(`sqlite:${file}`);
  const holder = new DatabaseSync(file);
  holder.exec('BEGIN IMMEDIATE');
  const add = (index: number): Promise<Response> =>
    fetch(`${running.url}/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `User ${index}`, email: `locked-${index}@example.com` }),
    });
  const given = Promise.all(Array.from({ length: 3 }, (_, index) => add(index)));
  const waitsMs: number[] = [];
  let waiting = true;
  const asker = (async () => {
    while (waiting) {
      const startMs = performance.now();
      assert.equal((await fetch(`${running.url}/users/1`)).status, 200);
      waitsMs.push(performance.now() - startMs);
    }
  })();
  assert.deepEqual(
    (await given).map(({ status }) => status),
    Array.from({ length: 3 }, () => 503),
  );
  const patient = add(3);
  holder.exec('COMMIT');
  holder.close();
  assert.equal((await patient).status, 201);
  waiting = false;
  await asker;
  // Three writers that hold up the process for a second each would make the first of these wait for three.
  assert.ok(Math.max(...waitsMs) < 900, `${Math.max(...waitsMs)} ms`);
  assert.equal(await stop(running, 'SIGTERM'), 0);
});
