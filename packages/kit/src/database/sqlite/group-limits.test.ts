import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, type TestContext, test } from 'node:test';
import { type Clock, isAppError, systemClock } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import type { OpenDatabase, OpenTransaction } from '../database-kind.ts';
import { openSqlite } from './open-sqlite.ts';
import { openSqliteKind } from './sqlite-kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-limits-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** A database, and what shows what became of it. */
interface Opened {
  readonly kind: OpenDatabase;
  /** Another connection to the same file: what it sees is on the disk. */
  readonly other: DatabaseSync;
  /** The statements that have run, without their values. */
  readonly ran: string[];
  /** Runs right after a COMMIT. */
  onCommit: (() => void) | undefined;
  /** What the other connection sees. */
  seen(): number[];
}

/** Opens an empty database with one table. */
function opened(t: TestContext, clock: Clock = systemClock): Opened {
  files += 1;
  const file = join(folder, `${files}.db`);
  const other = openSqlite({ file });
  other.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, more TEXT) STRICT');
  const ran: string[] = [];
  const kind = openSqliteKind({ kind: 'sqlite', file }, clock, {
    ran(sql, _startedMs, errorType) {
      ran.push(errorType === undefined ? sql : `${sql}: ${errorType}`);
      if (sql === 'COMMIT') all.onCommit?.();
    },
    waited: () => undefined,
  });
  // As the builder does before its first statement.
  void kind.dialect.createDriver().init();
  t.after(async () => {
    await kind.close();
    other.close();
  });
  const seen = (): number[] =>
    other
      .prepare('SELECT id FROM t ORDER BY id')
      .all()
      .map(({ id }) => Number(id));
  const all: Opened = { kind, other, ran, seen, onCommit: undefined };
  return all;
}

/** Inserts a row. */
const insert = (id: number) => ({ sql: 'INSERT INTO t (id) VALUES (?)', parameters: [id] });

/** A transaction that inserts a row; it fails afterwards, if it is told to. */
async function add({ kind }: Opened, id: number, work?: (open: OpenTransaction) => Promise<unknown>): Promise<void> {
  const open = await kind.begin();
  try {
    await open.execute(insert(id));
    await work?.(open);
    await open.commit();
  } catch (error) {
    throw (await open.rollback()) ?? error;
  }
}

test('what somebody is told who fails does not follow from what did not take effect', async (t) => {
  const all = opened(t);
  all.other.exec('CREATE TABLE c (t INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED) STRICT');
  const orphan = { sql: 'INSERT INTO c (t) VALUES (99)', parameters: [] };
  const soldOut = async (open: OpenTransaction): Promise<void> => {
    const { rows } = await open.execute<{ n: number }>({ sql: 'SELECT count(*) AS n FROM t', parameters: [] });
    if (rows[0]?.n === 2) throw new Error('sold out');
  };
  const results = await Promise.allSettled([
    add(all, 1, (open) => open.execute(orphan)),
    add(all, 2, soldOut),
    add(all, 1),
  ]);
  for (const result of results)
    assert.ok(result.status === 'rejected' && isAppError(result.reason, 'STORAGE_UNAVAILABLE'));
  assert.deepEqual(all.seen(), []);
});

test('while another process has the lock, one asks for it, and the others join the one that gets it', async (t) => {
  const clock = new FakeClock();
  const all = opened(t, clock);
  all.other.exec('BEGIN IMMEDIATE');
  const added = Promise.all([1, 2, 3].map((id) => add(all, id)));
  await clock.advanceAsync(900);
  assert.deepEqual(await all.kind.run('SELECT id FROM t', []), [], 'reads go on');
  all.other.exec('COMMIT');
  await clock.advanceAsync(10);
  await added;
  assert.deepEqual(all.seen(), [1, 2, 3]);
  assert.equal(all.ran.filter((sql) => sql === 'COMMIT').length, 1);
});

test('each waits for the lock for a second, from when it came', async (t) => {
  const clock = new FakeClock();
  const all = opened(t, clock);
  const told: string[] = [];
  const come = (id: number): Promise<void> =>
    add(all, id).then(
      () => void told.push(`${id} done`),
      (error) => void told.push(`${id} ${isAppError(error) ? error.code : error}`),
    );
  all.other.exec('BEGIN IMMEDIATE');
  const first = [come(1), come(2)];
  await clock.advanceAsync(600);
  const later = come(3);
  await clock.advanceAsync(399);
  assert.deepEqual(told, []);
  await clock.advanceAsync(1);
  await Promise.all(first);
  assert.deepEqual(told, ['1 STORAGE_UNAVAILABLE', '2 STORAGE_UNAVAILABLE']);
  await clock.advanceAsync(599);
  assert.equal(told.length, 2);
  await clock.advanceAsync(1);
  await later;
  assert.equal(told[2], '3 STORAGE_UNAVAILABLE');
  all.other.exec('COMMIT');
  await come(4);
  assert.deepEqual([told[3], all.seen()], ['4 done', [4]]);
});

test('one that is taken back by the database, or for the sake of others, is not told what followed from them', async (t) => {
  const clock = new FakeClock();
  const all = opened(t, clock);
  all.other.exec('CREATE TABLE c (t INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED) STRICT');
  const orphan = (open: OpenTransaction): Promise<unknown> =>
    open.execute({ sql: 'INSERT INTO c (t) VALUES (99)', parameters: [] });
  const loses = async (open: OpenTransaction): Promise<never> => {
    await open.execute({ sql: 'INSERT OR ROLLBACK INTO t (id) VALUES (1)', parameters: [] }).catch(() => undefined);
    throw new Error('sold out');
  };
  const unavailable = (results: readonly PromiseSettledResult<void>[]): boolean[] =>
    results.map((result) => result.status === 'rejected' && isAppError(result.reason, 'STORAGE_UNAVAILABLE'));
  assert.deepEqual(unavailable(await Promise.allSettled([add(all, 1), add(all, 2, loses)])), [true, true]);
  const goOn = Promise.withResolvers<void>();
  const slow = async (): Promise<never> => {
    await goOn.promise;
    throw new Error('sold out');
  };
  const both = Promise.allSettled([add(all, 1, orphan), add(all, 2, slow)]);
  for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
  await clock.advanceAsync(1_000);
  goOn.resolve();
  // The first is alone in what is left of the group, and is told itself.
  assert.deepEqual(unavailable(await both), [false, true]);
  assert.deepEqual(all.seen(), []);
});

test('those who wait behind others that got the lock wait for it no longer in all', async (t) => {
  const clock = new FakeClock();
  const all = opened(t, clock);
  const told: string[] = [];
  const goOn = Promise.withResolvers<void>();
  all.other.exec('BEGIN IMMEDIATE');
  const first = add(all, 1, async (open) => {
    // Nobody joins after it.
    await open.execute({ sql: 'PRAGMA defer_foreign_keys = OFF', parameters: [] });
    await goOn.promise;
  }).then(() => told.push('first'));
  const second = add(all, 2).then(
    () => told.push('second'),
    () => told.push('second refused'),
  );
  await clock.advanceAsync(900);
  all.other.exec('COMMIT');
  await clock.advanceAsync(20);
  goOn.resolve();
  // Where the first ends, another process has the lock again.
  all.onCommit = () => all.other.exec('BEGIN IMMEDIATE');
  await first;
  await clock.advanceAsync(60);
  assert.deepEqual(told, ['first']);
  await clock.advanceAsync(60);
  await second;
  assert.deepEqual(told, ['first', 'second refused']);
  all.other.exec('COMMIT');
});

test('a statement after one that has ended the transaction is refused', async (t) => {
  const all = opened(t);
  const ends = async (open: OpenTransaction): Promise<void> => {
    await open.execute({ sql: 'ROLLBACK', parameters: [] });
    await open.execute(insert(7));
  };
  const results = await Promise.allSettled([add(all, 1), add(all, 2, ends), add(all, 3)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(all.seen(), [3]);
});

test('a PRAGMA is known behind a comment, and a script may have one', async (t) => {
  for (const sql of [
    '/* first */ PRAGMA defer_foreign_keys = ON',
    '-- first\n; pragma defer_foreign_keys = ON',
    'script',
  ]) {
    const all = opened(t);
    all.other.exec('CREATE TABLE c (t INTEGER REFERENCES t (id)) STRICT');
    const defers = async (open: OpenTransaction): Promise<void> => {
      if (sql !== 'script') await open.execute({ sql, parameters: [] });
      else await all.kind.forMigrations((db) => all.kind.runScript('PRAGMA defer_foreign_keys = ON', db));
    };
    const orphan = (open: OpenTransaction): Promise<unknown> =>
      open.execute({ sql: 'INSERT INTO c (t) VALUES (99)', parameters: [] });
    const results = await Promise.allSettled([add(all, 1, defers), add(all, 2, orphan), add(all, 3)]);
    assert.deepEqual(
      results.map((result) => (result.status === 'rejected' ? String(result.reason) : 'done')),
      ['done', 'Error: FOREIGN KEY constraint failed', 'done'],
      sql,
    );
  }
});
