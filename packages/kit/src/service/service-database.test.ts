import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type FakeHost, fakeHost } from '@flotilla/conformance';
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

async function serveThings(file: string, env: Readonly<Record<string, string>> = {}): Promise<FakeHost> {
  const faked = fakeHost({ DATABASE_URL: `sqlite:${join(folder, file)}`, ...env });
  await runService(
    {
      name: 'thing-service',
      defaultPort: 0,
      database: definition,
      setup({ app, database }) {
        const things = recordStore<{ readonly id: number }>(database, { table: 'things', columns: ['id'] });
        app.get('/things', async () => (await things.page({ limit: 10 })).rows);
      },
    },
    faked.host,
  );
  return faked;
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
