import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { openSqlite } from './open-sqlite.ts';
import { mapSqliteError } from './sqlite-errors.ts';
import { whenUnlocked } from './when-unlocked.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-locks-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A database, and another connection that holds its write lock. */
function locked(name: string): { holder: DatabaseSync; insert: () => void } {
  const file = join(folder, name);
  const holder = openSqlite({ file });
  holder.exec('CREATE TABLE t (x)');
  const other = openSqlite({ file, busyTimeoutMs: 0 });
  const statement = other.prepare('INSERT INTO t VALUES (1)');
  after(() => {
    other.close();
    holder.close();
  });
  holder.exec('BEGIN IMMEDIATE');
  const insert = (): void => {
    try {
      statement.run();
    } catch (error) {
      throw mapSqliteError(error);
    }
  };
  return { holder, insert };
}

test('waits for a lock between attempts, without blocking the process', async () => {
  const clock = new FakeClock();
  const { holder, insert } = locked('held.db');
  let tries = 0;
  const startMs = performance.now();
  const done = whenUnlocked(
    () => {
      tries += 1;
      insert();
    },
    { clock },
  );
  await clock.advanceAsync(500);
  assert.ok(performance.now() - startMs < 400, 'no try waits by itself');
  assert.ok(tries > 5 && tries < 20, `${tries} tries in half a second`);
  holder.exec('COMMIT');
  await clock.advanceAsync(50);
  await done;
  assert.equal(holder.prepare('SELECT count(*) AS n FROM t').get()?.['n'], 1);
});

test('gives up after its time limit with STORAGE_UNAVAILABLE', async () => {
  const clock = new FakeClock();
  const { insert } = locked('kept.db');
  const given = assert.rejects(
    whenUnlocked(insert, { clock }),
    (error) => isAppError(error) && error.code === 'STORAGE_UNAVAILABLE',
  );
  await clock.advanceAsync(999);
  assert.equal(clock.pendingDelaysMs.length, 1);
  await clock.advanceAsync(1);
  await given;
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('an attempt that fails for another reason fails at once', async () => {
  const clock = new FakeClock();
  await assert.rejects(
    whenUnlocked(() => Promise.reject(new Error('no such table')), { clock }),
    /no such table/,
  );
  assert.equal(await whenUnlocked(async () => 7, { clock }), 7);
});
