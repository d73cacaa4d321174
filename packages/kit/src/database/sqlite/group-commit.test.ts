import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, type TestContext, test } from 'node:test';
import { type Clock, isAppError, systemClock } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import fc from 'fast-check';
import type { OpenDatabase, OpenTransaction } from '../database-kind.ts';
import { openSqlite } from './open-sqlite.ts';
import { openSqliteKind } from './sqlite-kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-group-'));
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

test('transactions of one turn take effect with one commit, and nobody is told before', async (t) => {
  const all = opened(t);
  const added = [1, 2, 3].map((id) => add(all, id).then(() => assert.deepEqual(all.seen(), [1, 2, 3])));
  await Promise.all(added);
  const ends = all.ran.filter((sql) => !sql.startsWith('INSERT'));
  const member = ['SAVEPOINT flotilla_group_member', 'RELEASE flotilla_group_member'];
  assert.deepEqual(ends, ['BEGIN IMMEDIATE', ...member, ...member, 'COMMIT']);
  await add(all, 4);
  assert.deepEqual(all.ran.slice(-3), ['BEGIN IMMEDIATE', insert(4).sql, 'COMMIT']);
});

test('one that fails takes back only what it did itself', async (t) => {
  const all = opened(t);
  const no = async (): Promise<never> => {
    throw new Error('changed my mind');
  };
  const results = await Promise.allSettled([add(all, 1, no), add(all, 2), add(all, 3, no), add(all, 2), add(all, 5)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled', 'rejected', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(all.seen(), [2, 5]);
});

test('a statement outside of transactions sees what is on the disk, and writes for itself', async (t) => {
  const all = opened(t);
  const count = async (): Promise<unknown> =>
    (await all.kind.run<{ n: number }>('SELECT count(*) AS n FROM t', []))[0]?.n;
  const [, counted] = await Promise.all([add(all, 1), count().then((n) => [n, all.seen().length])]);
  assert.deepEqual(counted, [1, 1]);
  const [, , written] = await Promise.allSettled([add(all, 2), add(all, 3), all.kind.run(insert(2).sql, [2])]);
  assert.equal(written.status, 'rejected');
  assert.deepEqual(all.seen(), [1, 2, 3]);
});

test('while one is still running at the end of the turn, those before it wait for it, and nobody joins', async (t) => {
  const all = opened(t);
  const goOn = Promise.withResolvers<void>();
  const told: number[] = [];
  const first = add(all, 1).then(() => told.push(1));
  const slow = add(all, 2, () => goOn.promise).then(() => told.push(2));
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  const late = add(all, 3).then(() => told.push(3));
  assert.deepEqual([told, all.seen()], [[], []]);
  goOn.resolve();
  await Promise.all([first, slow]);
  assert.deepEqual(all.seen(), [1, 2]);
  await late;
  assert.deepEqual(told, [1, 2, 3]);
  assert.equal(all.ran.filter((sql) => sql === 'COMMIT').length, 2);
});

test('if the slow one fails, those before it have taken effect', async (t) => {
  const all = opened(t);
  const goOn = Promise.withResolvers<void>();
  const first = add(all, 1);
  const slow = add(all, 2, () => goOn.promise);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  goOn.reject(new Error('too late'));
  await assert.rejects(slow, /too late/);
  await first;
  assert.deepEqual(all.seen(), [1]);
});

test('a failure for which the database takes back everything is told to the whole group', async (t) => {
  const all = opened(t);
  const goesOn = async (open: OpenTransaction): Promise<void> => {
    await open.execute({ sql: 'INSERT OR ROLLBACK INTO t (id) VALUES (1)', parameters: [] }).catch(() => undefined);
    // It would take effect by itself: there is no transaction any more.
    await open.execute(insert(77));
  };
  const results = await Promise.allSettled([add(all, 1), add(all, 2, goesOn), add(all, 3)]);
  assert.deepEqual(
    results.map((result) => (result.status === 'rejected' ? result.reason.constructor.name : 'done')),
    ['AppError', 'AppError', 'done'],
  );
  assert.deepEqual(all.seen(), [3]);
});

test('a constraint that is checked at the end ends the grouping: then it is told to whom it belongs', async (t) => {
  const all = opened(t);
  all.other.exec(
    'CREATE TABLE c (id INTEGER PRIMARY KEY, t INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED) STRICT',
  );
  const orphan = (open: OpenTransaction): Promise<unknown> =>
    open.execute({ sql: 'INSERT INTO c (t) VALUES (99)', parameters: [] });
  const once = await Promise.allSettled([add(all, 1), add(all, 2, orphan), add(all, 3)]);
  for (const result of once)
    assert.ok(result.status === 'rejected' && isAppError(result.reason, 'STORAGE_UNAVAILABLE'));
  assert.deepEqual(all.seen(), []);
  const again = await Promise.allSettled([add(all, 1), add(all, 2, orphan), add(all, 3)]);
  assert.deepEqual(
    again.map((result) => (result.status === 'rejected' ? String(result.reason) : 'done')),
    ['done', 'Error: FOREIGN KEY constraint failed', 'done'],
  );
  assert.deepEqual(all.seen(), [1, 3]);
});

test('one alone is told itself which constraint it violates at its end', async (t) => {
  const all = opened(t);
  all.other.exec(
    'CREATE TABLE c (id INTEGER PRIMARY KEY, t INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED) STRICT',
  );
  const orphan = { sql: 'INSERT INTO c (t) VALUES (99)', parameters: [] };
  await assert.rejects(
    add(all, 1, (open) => open.execute(orphan)),
    /FOREIGN KEY constraint failed/,
  );
  await Promise.all([add(all, 2), add(all, 3)]);
  assert.deepEqual(all.seen(), [2, 3]);
});

test('what waits for the end of the turn is on the disk when the database is closed', async (t) => {
  const all = opened(t);
  const added = Promise.all([add(all, 1), add(all, 2)]);
  // Both have ended, and the turn has not.
  for (let steps = 0; steps < 100; steps += 1) await Promise.resolve();
  assert.deepEqual(all.seen(), []);
  await all.kind.close();
  await added;
  assert.deepEqual(all.seen(), [1, 2]);
});

test('one that waits for another of its group is taken back after a second; then each commits by itself for a minute', async (t) => {
  const clock = new FakeClock();
  const all = opened(t, clock);
  const first = add(all, 1);
  const second = assert.rejects(
    add(all, 2, () => first),
    (error) => isAppError(error, 'STORAGE_UNAVAILABLE'),
  );
  const third = add(all, 3);
  for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
  await clock.advanceAsync(999);
  assert.deepEqual(all.seen(), []);
  await clock.advanceAsync(1);
  await Promise.all([first, second, third]);
  assert.deepEqual(all.seen(), [1, 3]);
  const commitsOf = async (ids: readonly number[]): Promise<number> => {
    all.ran.length = 0;
    await Promise.all(ids.map((id) => add(all, id)));
    return all.ran.filter((sql) => sql === 'COMMIT').length;
  };
  assert.equal(await commitsOf([4, 5]), 2);
  await clock.advanceAsync(60_000);
  assert.equal(await commitsOf([6, 7]), 1);
});

test('a PRAGMA, which may change what the connection does, lets nobody else join', async (t) => {
  const all = opened(t);
  all.other.exec('CREATE TABLE c (t INTEGER REFERENCES t (id)) STRICT');
  const orphan = { sql: 'INSERT INTO c (t) VALUES (99)', parameters: [] };
  const defers = async (open: OpenTransaction): Promise<void> => {
    await open.execute({ sql: 'PRAGMA defer_foreign_keys = ON', parameters: [] });
  };
  const results = await Promise.allSettled([
    add(all, 1),
    add(all, 2, defers),
    add(all, 3, (open) => open.execute(orphan)),
    add(all, 4),
  ]);
  assert.deepEqual(
    results.map((result) => (result.status === 'rejected' ? String(result.reason) : 'done')),
    ['done', 'done', 'Error: FOREIGN KEY constraint failed', 'done'],
  );
  assert.deepEqual(all.seen(), [1, 2, 4]);
});

test('one whose statement has ended the transaction is refused, and nobody joins what is left', async (t) => {
  const all = opened(t);
  const ends = (open: OpenTransaction): Promise<unknown> => open.execute({ sql: 'ROLLBACK', parameters: [] });
  const results = await Promise.allSettled([add(all, 1, ends), add(all, 2), add(all, 3)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled', 'fulfilled'],
  );
  const [first] = results;
  assert.ok(first.status === 'rejected');
  assert.match(String(first.reason), /is over already/);
  assert.deepEqual(all.seen(), [2, 3]);
});

test('closing the database takes back what is running, not what has ended before it', async (t) => {
  const all = opened(t);
  const first = add(all, 1);
  const second = add(all, 2, () => new Promise((resolve) => setTimeout(resolve, 20)));
  await new Promise(setImmediate);
  await all.kind.close();
  await first;
  await assert.rejects(second);
  assert.deepEqual(all.seen(), [1]);
});

test('whoever comes while another is called waits: however far the other has come, each has a transaction of its own', async (t) => {
  for (const waits of ['transaction', 'statement'] as const)
    for (let steps = 0; steps < 10; steps += 1) {
      const all = opened(t);
      const goOn = Promise.withResolvers<void>();
      const no = async (): Promise<never> => {
        throw new Error('changed my mind');
      };
      const first = add(all, 1, () => goOn.promise.then(no));
      const second = waits === 'transaction' ? add(all, 2) : all.kind.run(insert(2).sql, [2]);
      await new Promise(setImmediate);
      goOn.resolve();
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      const third = add(all, 3, no);
      const fourth = all.kind.run(insert(4).sql, [4]);
      await Promise.allSettled([first, second, third, fourth]);
      await Promise.all([second, fourth]);
      await Promise.all([assert.rejects(first, /changed my mind/), assert.rejects(third, /changed my mind/)]);
      assert.deepEqual(all.seen(), [2, 4], `${waits}, ${steps} steps`);
    }
});

type Step = 'microtask' | 'turn' | 'read' | 'insert' | 'duplicate' | 'fail';

test('whatever transactions do, each takes effect as a whole or not at all, and is told so', async (t) => {
  const steps = fc.constantFrom<Step>('microtask', 'turn', 'read', 'insert', 'duplicate', 'fail');
  const programs = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.array(steps, { maxLength: 5 })), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(programs, async (list) => {
      const all = opened(t);
      const expected: number[] = [];
      const run = async (index: number, turns: number, work: readonly Step[]): Promise<void> => {
        for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
        const own = [index * 10];
        await add(all, index * 10, async (open) => {
          for (const step of work) {
            if (step === 'microtask') await Promise.resolve();
            else if (step === 'turn') await new Promise(setImmediate);
            else if (step === 'fail') throw new Error('fails');
            else if (step === 'insert') {
              own.push(index * 10 + own.length);
              await open.execute(insert(own.at(-1) ?? 0));
            } else if (step === 'duplicate') {
              await assert.rejects(open.execute(insert(index * 10)));
            } else {
              const { rows } = await open.execute<{ id: number }>({
                sql: 'SELECT id FROM t WHERE id BETWEEN ? AND ? ORDER BY id',
                parameters: [index * 10, index * 10 + 9],
              });
              assert.deepEqual(
                rows.map(({ id }) => id),
                own,
              );
            }
          }
        });
        const seen = all.seen();
        for (const id of own) assert.ok(seen.includes(id), `${id} was acknowledged`);
        expected.push(...own);
      };
      const results = await Promise.allSettled(list.map(([turns, work], index) => run(index + 1, turns, work)));
      for (const [index, result] of results.entries()) {
        const mayFail = list[index]?.[1].includes('fail') ?? false;
        assert.equal(result.status === 'rejected' ? String(result.reason) : 'done', mayFail ? 'Error: fails' : 'done');
      }
      assert.deepEqual(
        all.seen(),
        expected.toSorted((a, b) => a - b),
      );
    }),
    { numRuns: 100 },
  );
});
