import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, type TestContext, test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { Kysely } from 'kysely';
import { UniqueViolation } from '../unique-violation.ts';
import { openSqlite } from './open-sqlite.ts';
import { openSqliteKind } from './sqlite-kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-driver-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Tables {
  readonly t: { readonly id: number; readonly name: string; readonly n: number };
}

interface Opened {
  readonly db: Kysely<Tables>;
  readonly clock: FakeClock;
  /** Another process's connection to the same file. */
  readonly other: DatabaseSync;
}

function opened(t: TestContext): Opened {
  const file = join(folder, `${t.name.slice(0, 40)}.db`);
  const other = openSqlite({ file });
  other.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER CHECK (n > 0)) STRICT');
  const clock = new FakeClock();
  const db = new Kysely<Tables>({ dialect: openSqliteKind({ kind: 'sqlite', file }, clock).dialect });
  t.after(async () => {
    await db.destroy();
    if (other.isOpen) other.close();
  });
  return { db, clock, other };
}

const row = (id: number) => ({ id, name: `n${id}`, n: 1 });
const isUnavailable = (error: unknown): boolean => isAppError(error) && error.code === 'STORAGE_UNAVAILABLE';

test('rows, numbers of changed rows and returned rows come back', async (t) => {
  const { db } = opened(t);
  await db
    .insertInto('t')
    .values([row(1), row(2)])
    .execute();
  assert.equal(JSON.stringify(await db.selectFrom('t').select('id').orderBy('id').execute()), '[{"id":1},{"id":2}]');
  const changed = await db.updateTable('t').set({ n: 2 }).executeTakeFirst();
  assert.equal(changed.numUpdatedRows, 2n);
  const removed = await db.deleteFrom('t').where('id', '=', 1).returning('name').executeTakeFirst();
  assert.equal(removed?.name, 'n1');
});

test('rows have the columns that the table has now, whoever changed it', async (t) => {
  const { db, other } = opened(t);
  await db.insertInto('t').values(row(1)).execute();
  const all = (): Promise<unknown> => db.selectFrom('t').selectAll().execute();
  assert.deepEqual(await all(), [row(1)]);
  other.exec("ALTER TABLE t ADD COLUMN more TEXT DEFAULT 'm'");
  assert.deepEqual(await all(), [{ ...row(1), more: 'm' }]);
  other.exec('ALTER TABLE t DROP COLUMN more');
  assert.deepEqual(await all(), [row(1)]);
  // As many columns as before, but others.
  other.exec("ALTER TABLE t DROP COLUMN n; ALTER TABLE t ADD COLUMN m TEXT DEFAULT 'm'");
  assert.deepEqual(await all(), [{ id: 1, name: 'n1', m: 'm' }]);
  other.exec('ALTER TABLE t RENAME COLUMN m TO k');
  assert.deepEqual(await all(), [{ id: 1, name: 'n1', k: 'm' }]);
});

test('a duplicate value is distinguished from other errors', async (t) => {
  const { db } = opened(t);
  const insert = (values: Tables['t']): Promise<unknown> => db.insertInto('t').values(values).execute();
  await insert(row(1));
  await assert.rejects(insert({ ...row(1), name: 'other' }), UniqueViolation);
  await assert.rejects(insert({ ...row(2), name: 'n1' }), UniqueViolation);
  await assert.rejects(
    insert({ ...row(2), n: 0 }),
    (error) => !(error instanceof UniqueViolation) && !isAppError(error),
  );
});

test('while another process has the write lock, writes are retried and reads continue', async (t) => {
  const { db, clock, other } = opened(t);
  await db.insertInto('t').values(row(1)).execute();
  other.exec('BEGIN IMMEDIATE');
  const written = db.insertInto('t').values(row(2)).execute();
  await clock.advanceAsync(500);
  assert.equal((await db.selectFrom('t').selectAll().execute()).length, 1);
  other.exec('COMMIT');
  await clock.advanceAsync(50);
  await written;
  other.exec('BEGIN IMMEDIATE');
  const refused = assert.rejects(db.insertInto('t').values(row(3)).execute(), isUnavailable);
  await clock.advanceAsync(1_000);
  await refused;
  other.exec('COMMIT');
});

test('a transaction has the database to itself, and leaves nothing behind if it fails', async (t) => {
  const { db } = opened(t);
  const inside = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const transaction = db.transaction().execute(async (own) => {
    await own.insertInto('t').values(row(1)).execute();
    inside.resolve();
    await goOn.promise;
    throw new Error('changed my mind');
  });
  await inside.promise;
  let counted = false;
  const outside = db
    .selectFrom('t')
    .selectAll()
    .execute()
    .then((rows) => {
      counted = true;
      return rows.length;
    });
  await new Promise(setImmediate);
  assert.equal(counted, false, 'it would have seen what is taken back');
  goOn.resolve();
  await assert.rejects(transaction, /changed my mind/);
  assert.equal(await outside, 0);
});

test('transactions wait for each other, and for another process', async (t) => {
  const { db, clock, other } = opened(t);
  const add = (id: number): Promise<unknown> =>
    db.transaction().execute((own) => own.insertInto('t').values(row(id)).execute());
  other.exec('BEGIN IMMEDIATE');
  const added = Promise.all([add(1), add(2), add(3)]);
  await clock.advanceAsync(100);
  other.exec('COMMIT');
  await clock.advanceAsync(100);
  await added;
  assert.equal((await db.selectFrom('t').selectAll().execute()).length, 3);
});
