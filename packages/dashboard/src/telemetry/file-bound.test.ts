import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { silentLogger } from '@flotilla/kit/logger';
import { FakeClock, fakeClockStartMs } from '@flotilla/testing';
import { FileBound } from '../store/file-bound.ts';
import { openTelemetry } from './open-telemetry.ts';
import type { Telemetry } from './telemetry.ts';

const mebibyte = 1_048_576;
const bounds = { large: 64 * mebibyte, small: 16 * mebibyte };

/** A file with 40 MiB of lines in it, the last of which says `last`. */
async function fullFile(context: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'file-bound-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'telemetry.db');
  const { telemetry } = await opened(file, bounds.large);
  for (let count = 0; count < 20; count += 1) await addLines(telemetry, 'x'.repeat(20_000), 100);
  await addLines(telemetry, 'last', 1);
  await telemetry.close();
  assert.ok(statSync(file).size > 32 * mebibyte);
  return file;
}

async function opened(
  file: string,
  maxBytes: number,
): Promise<{ readonly telemetry: Telemetry; readonly clock: FakeClock }> {
  const clock = new FakeClock();
  const telemetry = await openTelemetry({ file, maxBytes, clock, logger: silentLogger(), threads: false });
  return { telemetry, clock };
}

function addLines(telemetry: Telemetry, message: string, count: number): Promise<unknown> {
  const logs = Array.from({ length: count }, () => ({
    ...{ atUs: fakeClockStartMs * 1_000, severity: 9, message, fields: {} },
  }));
  return telemetry.add([{ resource: { service: 'noisy', instanceId: 'noisy', attributes: {} }, logs }]);
}

/** What is kept, and in how much room; the file is open and alone. */
async function isSmall(file: string, telemetry: Telemetry): Promise<void> {
  assert.ok(statSync(file).size <= 8 * mebibyte, `${statSync(file).size} bytes`);
  const { logs } = await telemetry.queries.logs({ limit: 1 });
  assert.equal(logs[0]?.message, 'last');
  assert.ok(telemetry.status().usedBytes > 4 * mebibyte, 'as much as there is room for stays');
}

test('a file whose bound was lowered shrinks within seconds, in parts, and keeps what is newest', async (context) => {
  const file = await fullFile(context);
  const { telemetry, clock } = await opened(file, bounds.small);
  context.after(() => telemetry.close());
  const pages = new Set<number>();
  const other = new DatabaseSync(file, { readOnly: true });
  for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 20) {
    clock.advance(20);
    pages.add(Number(other.prepare('PRAGMA page_count').get()?.['page_count']));
  }
  other.close();
  await isSmall(file, telemetry);
  const sizes = [...pages];
  const parts = sizes.slice(1).map((size, index) => (sizes[index] ?? 0) - size);
  assert.ok(parts.length > 5 && Math.max(...parts) <= 600, `in parts of ${parts.join(', ')} pages`);
  // There is room for what comes, and no more than that.
  await addLines(telemetry, 'x'.repeat(20_000), 300);
  await addLines(telemetry, 'last', 1);
  await isSmall(file, telemetry);
});

test('what comes while a file shrinks waits for no more than its own part', async (context) => {
  const file = await fullFile(context);
  const { telemetry } = await opened(file, bounds.small);
  context.after(() => telemetry.close());
  for (let count = 0; count < 5; count += 1) await addLines(telemetry, 'x', 1);
  const { usedBytes } = telemetry.status();
  assert.ok(usedBytes > 35 * mebibyte, `${usedBytes} bytes are left`);
});

test('a file that was left while it shrank shrinks on, and one from before files could shrink does so too', async (context) => {
  const file = await fullFile(context);
  const first = await opened(file, bounds.small);
  first.clock.advance(1_100);
  await first.telemetry.close();
  const left = statSync(file).size;
  assert.ok(left > 8 * mebibyte, 'it was left early');
  const old = new DatabaseSync(file);
  old.exec('PRAGMA auto_vacuum = NONE; VACUUM');
  old.close();
  const { telemetry, clock } = await opened(file, bounds.small);
  context.after(() => telemetry.close());
  clock.advance(5_000);
  await isSmall(file, telemetry);
});

/** A database for whose second copy there is no room. */
class OnFullDisk extends DatabaseSync {
  tried = 0;

  override exec(sql: string): void {
    if (!sql.endsWith('VACUUM')) return super.exec(sql);
    this.tried += 1;
    throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
  }
}

test('a file that cannot be written anew, for lack of room, stays as it is and is written to', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'file-bound-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const database = new OnFullDisk(join(folder, 'old.db'));
  context.after(() => database.close());
  database.exec('CREATE TABLE kept (text TEXT); PRAGMA temp_store = MEMORY');
  database.prepare('INSERT INTO kept VALUES (?)').run('x'.repeat(40_000));
  const bound = new FileBound(database, 8_192);
  for (let minute = 0; minute < 3; minute += 1) assert.equal(bound.shrink(), false);
  assert.equal(database.tried, 1, 'writers wait for it once, not every minute');
  assert.equal(database.prepare('PRAGMA temp_store').get()?.['temp_store'], 2, 'in memory again');
  assert.equal(database.prepare('SELECT length(text) AS length FROM kept').get()?.['length'], 40_000);
});
