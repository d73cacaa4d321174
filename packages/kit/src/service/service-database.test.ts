import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { type FakeHost, fakeHost } from '@flotilla/conformance';
import { waitUntil } from '@flotilla/testing';
import { type DatabaseDefinition, recordStore } from '../database/index.ts';
import { runService } from './run-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-service-database-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const definition: DatabaseDefinition = {
  migrations: [
    { id: '0001-create-things', sql: ({ newId, strictTable }) => `CREATE TABLE things (id ${newId}) ${strictTable};` },
  ],
  demoData: { table: 'things', sql: 'INSERT INTO things (id) VALUES (1), (2)' },
};

/** Settles when the service is ready, or ends. */
async function serveThings(file: string, env: Readonly<Record<string, string>> = {}): Promise<FakeHost> {
  const faked = thingsHost(file, env);
  await runThings(faked);
  return faked;
}

function thingsHost(file: string, env: Readonly<Record<string, string>> = {}): FakeHost {
  return fakeHost({ DATABASE_URL: `sqlite:${join(folder, file)}`, ...env });
}

function runThings({ host }: FakeHost, used: DatabaseDefinition = definition): Promise<void> {
  return runService(
    {
      name: 'thing-service',
      defaultPort: 0,
      database: used,
      setup({ app, database }) {
        const things = recordStore<{ readonly id: number }>(database, { table: 'things', columns: ['id'] });
        app.get('/things', async () => (await things.page({ limit: 10 })).rows);
      },
    },
    host,
  );
}

const ask = async (url: string): Promise<unknown> => (await fetch(url)).json();

test('the chassis opens, migrates and checks the database that a service declares, and closes it', async () => {
  const { url, emit, exited } = await serveThings('declared.db');
  assert.deepEqual(await ask(`${url()}/things`), [{ id: 1 }, { id: 2 }]);
  assert.match(JSON.stringify(await ask(`${url()}/ready`)), /"services":\{"database":"ok"\}/);
  emit('SIGTERM');
  assert.equal(await exited(), 0);
  // SQLite removes the write-ahead log with the last connection.
  assert.equal(existsSync(join(folder, 'declared.db-wal')), false);
});

test('in production, a new database has no example rows unless they are asked for', async () => {
  const { url, emit, exited } = await serveThings('production.db', { NODE_ENV: 'production' });
  assert.deepEqual(await ask(`${url()}/things`), []);
  emit('SIGTERM');
  await exited();
});

test('a database that cannot be opened ends the start with 78 and one line', async () => {
  const { state, exited } = await serveThings('', { DATABASE_URL: 'sqlite:/proc/none/x.db' });
  assert.equal(await exited(), 78);
  assert.match(state.err, /^thing-service cannot start: Cannot open the database .*DATABASE_URL\n$/);
});

test('a database that others keep locked holds up no start: the program listens, is not ready, and goes on trying', async () => {
  const holder = new DatabaseSync(join(folder, 'locked.db'));
  holder.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
  const faked = thingsHost('locked.db', { DATABASE_MIGRATE_WAIT_MS: '0' });
  const serving = runThings(faked);
  await waitUntil('it listens', () => faked.line('listening')['url'] !== undefined);
  assert.equal((await fetch(`${faked.url()}/health`)).status, 200);
  const notReady = await fetch(`${faked.url()}/ready`);
  assert.deepEqual([notReady.status, (await fetch(`${faked.url()}/things`)).status], [503, 503]);
  assert.match(JSON.stringify(await notReady.json()), /"database":"failed"/);
  assert.match(String(faked.line('database unavailable; retrying')['reason']), /another process has been migrating/);
  holder.exec('ROLLBACK');
  holder.close();
  await serving;
  assert.deepEqual(await ask(`${faked.url()}/things`), [{ id: 1 }, { id: 2 }]);
  faked.emit('SIGTERM');
  assert.equal(await faked.exited(), 0);
});

test('with DATABASE_MIGRATE=never, a start looks for missing migrations, and applies none', async () => {
  const never = { DATABASE_MIGRATE: 'never' };
  const { state, exited } = await serveThings('never.db', never);
  assert.equal(await exited(), 78);
  assert.match(state.err, /lacks a migration \(0001-create-things\).*"migrate up" first\n$/);
  const migrating = await serveThings('never.db');
  migrating.emit('SIGTERM');
  await migrating.exited();
  const served = await serveThings('never.db', never);
  assert.equal((await fetch(`${served.url()}/ready`)).status, 200);
  served.emit('SIGTERM');
  assert.equal(await served.exited(), 0);
});
