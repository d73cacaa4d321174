import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { FakeClock } from '@flotilla/testing';
import { createRegistry } from '../registry.ts';
import { openSqliteStore } from './sqlite-store.ts';

/**
 * A database as the version before the log of records left it, packed. The instance users/users-1 with a token and odd
 * metadata, users/users-2, which had reported that it is critical and was renewed after 5 s, orders/orders-1 in maintenance
 * though it had reported a warning, and orders/orders-2, which went while it was in maintenance.
 */
const databaseBefore = [
  'H4sIAAAAAAACA+3b32/bRBwAcDtp0rWsCWNC6VSFHi7SWimu/COJ44pK/bHAopaVZS6j0Ck725fUamK3ttN2jElkIDGkvfIEfwASvPCG4JEHXn',
  'jkiedBERLve+TiJllSknWwl6J+P40d+865793lEvWu7o3rq5ZPUNlxa9hHMvMiw7LMAkIMw4TpFmWeGKbbUNc5y5wszMx+/vPY+V0mMlpj4ufj',
  '347Wxt6JLTAAAAAAAOAs+IQNDycmJ9lPr/tYrxLL9nxsG8TrHAwtF/OLWh5pi0uredRJRtOjqMXGNYK0/LsaurZGt/XV1VQnzzIH5WDTdInnDc',
  'recVwfFa5p+TfzxT7ZPq4MfGmN+NjEPh6Uv0+sytbTCqdN9OsDi68S7JFSzXtKAS6pWJ5PXGKW6G/wg8rBnl/yCLFPKmvP8izH/uclyHe2iR0U',
  '/+Tyt4uFtxaLG2glv4Gmm+9Mir4HM63sGXRDKxaWtRS6WdCurq1rqLh2s3Al/pj5LZFMsvcvBmPgqPbunfZzpGcEtFO7BoBjV++UXGe/U8XuSi',
  'xfzS+voOnONfNInHmG1h2rcfwxmwqGqfpfh2mjMjTcbOTHr566RqbQFo3m0HA9QwVdyb+xuL6qocuXUwhXrb2+o65zldDuq0YhMpyYmmLvbwQt',
  'rWHL9ond7I6uw2hPe7synvuDXXHs7oo+39BscOxwQpbZxnbQlnLV8a1qFZdqVsXFPu1Tr09SqKdtfS5A0+3qd9UphYwtYmx79dqxliG8s1O1+n',
  'yW23XOh6KJDZllLNskB95ulc7eS7juO8F5qU/8ktgnsTm3P9f8Sh6jWygeY+IP6Q4AAAAAAAAAADgTPgxFVhpj84IgSHyw4OXxrdUSvmvVQlVM',
  'AYuCnlHVTFrNpWVdzYmqkZNwWdCzgimoOpEERVdFLIlGJivoIk7nJDmt6ErWyGUkQZJ5UeTFtCZJc6I8JwmzNOR7LhtRjqKLvOES7BO+s7aUU0',
  'yjLEkiVtK6nhYlHWdz5aypGKpkkHROF4yMLOpSGStElXKCmZXTQk4VdbWMJVlRjUExR4P5/49M/JDuAAAAAAAAAAAAcFpNhVfYE1YsQuNhZaTv',
  'ukJz/h+O7TKx3fjrscPYIXQnAAAAAAAAAJwNt2OXkjOhCxfOTYTnI1HGcU3iekd7Xjp6niUHuLZTJZPL79+6e28He55lV5g/b0uClOXpFFMQNU',
  'GYCx7Bn5jZL/Z+/YphoqOvjb+yMFJvBRgJAig9AcRjAZaaAfaxa/+LAFF/i7T+WcUpo3bBWiwxcbEZNRk0q+7R1GDHS3Nz4uRiM5DhWr5l4OoJ',
  'kX540IoUbizFExPJkNJ4mZ0I0WIzXcWKIn0F/WmWzenVOuFS3Ca3W3d8Ym5y3K273OFnD37/8htujnv03Udok3v0/cNNbtOmlxkOnZy7dYNO4m',
  'kuTfjAsQk9wvSwVNpxHd+hZwfcveFW39eFZ+oZtqdnWtVs3v/Pxn9i6AMAAAAAAAAAAACnm8JGmOh6pDXTfyFnplWhLGR5XTEwn5YzIq+b2QxP',
  'ZMUUxLKMM4Z+tJZxdP//L0z8L7oDAAAAAAAAAADA/8b40KVkpPfOjeZk/+s/XqIZvbd0iH8DlZAmlABgAAA=',
].join('');

const revision = 1_700_000_000_000_011;
const history = '8d490f06-b7ca-4351-bd65-e37d01f3a5cb';

async function fileBefore(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-migration-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'registry.db');
  await writeFile(file, gunzipSync(Buffer.from(databaseBefore, 'base64')));
  return file;
}

test('a database of the previous version opens with everything in it', async (t) => {
  const file = await fileBefore(t);
  const registry = await createRegistry({ store: openSqliteStore({ file }), clock: new FakeClock() });
  t.after(() => registry.close());
  assert.deepEqual([registry.revision, registry.history], [revision, history]);
  const rest = { weight: 1, tags: [], metadata: {}, lease_ms: 60_000, registered_at: '2026-01-01T00:00:00.000Z' };
  const started = '2026-01-01T00:00:00.000Z';
  assert.deepEqual(registry.listAll(), [
    {
      ...rest,
      name: 'orders',
      id: 'orders-1',
      address: 'orders.example',
      port: 8002,
      status: 'maintenance',
      ...{ ready: false, serving: false, draining: false },
      last_seen: started,
      revision: revision - 5,
    },
    {
      ...rest,
      name: 'users',
      id: 'users-1',
      address: '10.0.0.1',
      port: 8001,
      status: 'passing',
      ...{ ready: true, serving: true, draining: false },
      weight: 7,
      tags: ['blue', '"quoted"'],
      metadata: { 版本: '一 "二"\n', constructor: '', zone: 'a', __proto: 'x' },
      lease_ms: 30_000,
      last_seen: started,
      revision: revision - 10,
    },
    {
      ...rest,
      name: 'users',
      id: 'users-2',
      address: '::1',
      port: 8001,
      status: 'critical',
      ...{ ready: false, serving: false, draining: false },
      last_seen: '2026-01-01T00:00:05.000Z',
      revision: revision - 8,
    },
  ]);
  const resumed = registry.watch({ onReady: () => {}, from: revision, history });
  assert.deepEqual(resumed.read(10), [{ type: 'bookmark', revision }]);
});

test('tokens, reports and maintenance mean the same after the migration', async (t) => {
  const file = await fileBefore(t);
  const clock = new FakeClock();
  clock.advance(5_000);
  const registry = await createRegistry({ store: openSqliteStore({ file }), clock });
  t.after(() => registry.close());
  assert.throws(() => registry.renew('users', 'users-1', 'another token'), { code: 'REGISTRATION_LOST' });
  registry.renew('users', 'users-1', 'the token of users-1');
  const ended = await registry.setStatus('orders', 'orders-1', 'passing');
  assert.deepEqual([ended.status, ended.revision > revision], ['warning', true]);
  const place = { name: 'orders', id: 'orders-2', address: 'orders.example', port: 8003 };
  const back = await registry.register(place);
  assert.equal(back.instance.status, 'maintenance');
  await registry.deregister('users', 'users-2');
  const again = await registry.register({ name: 'users', id: 'users-2', address: '::1', port: 8001 });
  assert.equal(again.instance.status, 'passing');
  // The leases have what they had left.
  await clock.advanceAsync(29_999);
  assert.ok(registry.get('users', 'users-1'));
  await clock.advanceAsync(1);
  assert.equal(registry.get('users', 'users-1'), undefined);
});

test('a record that was damaged before the migration is named after it, and harms no other', async (t) => {
  const file = await fileBefore(t);
  const database = new DatabaseSync(file);
  database.exec("UPDATE instances SET tags = '[broken' WHERE id = 'users-2'");
  database.close();
  const damaged = openSqliteStore({ file });
  await assert.rejects(damaged.load(), { name: 'DatabaseSetupError', message: /the instance users\/users-2/ });
  await damaged.close();
  const repaired = new DatabaseSync(file);
  repaired.exec("DELETE FROM records WHERE key = 'users/users-2'");
  repaired.close();
  const store = openSqliteStore({ file });
  t.after(() => store.close());
  assert.deepEqual((await store.load()).records.map(({ kind, key }) => `${kind} ${key}`).sort(), [
    'check orders/orders-1/process',
    'check users/users-2/process',
    'instance orders/orders-1',
    'instance users/users-1',
    'maintenance orders/orders-1',
    'maintenance orders/orders-2',
  ]);
});
