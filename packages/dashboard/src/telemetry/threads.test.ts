import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { silentLogger } from '@flotilla/kit/logger';
import { FakeClock } from '@flotilla/testing';
import { openTelemetry } from './open-telemetry.ts';
import type { Telemetry } from './telemetry.ts';

function fileIn(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'telemetry-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return join(path, 'telemetry.db');
}

async function opened(context: TestContext, file: string): Promise<Telemetry> {
  const telemetry = await openTelemetry({ file, logger: silentLogger(), maxBytes: 16 * 1_048_576 });
  context.after(() => telemetry.close());
  return telemetry;
}

function linesAsJson(count: number, text: string): Uint8Array {
  const logRecords = Array.from({ length: count }, (_, index) => ({ body: { stringValue: `${text} ${index}` } }));
  return Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
}

async function messages({ queries }: Telemetry): Promise<readonly string[]> {
  return (await queries.logs({ limit: 1_000 })).logs.map(({ message }) => message);
}

test('messages are kept and questions answered on threads of their own', async (context) => {
  const telemetry = await opened(context, fileIn(context));
  assert.deepEqual(await telemetry.receive('logs', 'json', linesAsJson(2, 'line')), { rejected: 0 });
  assert.deepEqual((await messages(telemetry)).toSorted(), ['line 0', 'line 1']);
  assert.ok(telemetry.status().usedBytes > 0);
  assert.ok((await telemetry.queries.traffic(0, Date.now())) instanceof Map);
});

test('an error on a thread arrives as it was thrown', async (context) => {
  const telemetry = await opened(context, fileIn(context));
  await assert.rejects(
    telemetry.receive('logs', 'json', Buffer.from('[]')),
    (error) => isAppError(error, 'INVALID_REQUEST') && error.detail === 'The body is not OTLP: it must be an object.',
  );
  await assert.rejects(
    openTelemetry({ file: '/proc/none/t.db', logger: silentLogger() }),
    /Cannot open the database \/proc\/none\/t\.db/,
  );
});

test('damage that is found while it runs costs the past, not the present', async (context) => {
  const file = fileIn(context);
  const telemetry = await opened(context, file);
  for (let count = 0; count < 20; count += 1)
    await telemetry.receive('logs', 'json', linesAsJson(500, 'x'.repeat(2_000)));
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  const noise = Buffer.alloc(4_096, 0xa5);
  for (let at = 4_096; at < size; at += 4_096) writeSync(handle, noise, 0, noise.length, at);
  // Whoever meets it first, reader or writer.
  await telemetry.queries.logs({ text: 'nothing' }).catch(() => undefined);
  await telemetry.receive('logs', 'json', linesAsJson(1, 'after'));
  assert.deepEqual(await messages(telemetry), ['after 0']);
  assert.match(telemetry.status().trouble?.message ?? '', /could not use its database .* moved to/);
  assert.ok(readdirSync(join(file, '..')).some((name) => name.includes('unusable')));
});

/** Writes batches of ten lines and says after each that it was acknowledged. */
const writerProgram = `
  import { FakeClock } from '@flotilla/testing';
import { openTelemetry } from ${JSON.stringify(import.meta.resolve('./open-telemetry.ts'))};
  import { silentLogger } from ${JSON.stringify(import.meta.resolve('@flotilla/kit/logger'))};
  const telemetry = await openTelemetry({ file: process.argv[1], logger: silentLogger() });
  for (let batch = 0; ; batch += 1) {
    const logRecords = Array.from({ length: 10 }, () => ({ body: { stringValue: String(batch) } }));
    await telemetry.receive('logs', 'json', Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })));
    console.log(batch);
  }`;

test('a kill loses nothing that was acknowledged, and leaves no half of a batch', async (context) => {
  const file = fileIn(context);
  const child = spawn(process.execPath, ['--input-type=module', '-e', writerProgram, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let acknowledged = -1;
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Math.max(acknowledged, Number(line));
    if (acknowledged >= 25) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  assert.ok(acknowledged >= 25);
  const kept = await messages(await opened(context, file));
  for (let batch = 0; batch <= acknowledged; batch += 1)
    assert.equal(kept.filter((message) => message === String(batch)).length, 10, `batch ${batch}`);
  assert.equal(kept.length % 10, 0);
});

test('a second dashboard on the same file does not start, and says why', async (context) => {
  const file = fileIn(context);
  const first = await opened(context, file);
  await assert.rejects(
    openTelemetry({ file, logger: silentLogger() }),
    /^DatabaseSetupError: Another dashboard is using .* name another file for this one$/,
  );
  await first.close();
  await (await openTelemetry({ file, logger: silentLogger() })).close();
});

test('a file that is deleted while it is in use is begun anew within a minute, with a word', async (context) => {
  const file = fileIn(context);
  const clock = new FakeClock();
  const telemetry = await openTelemetry({ file, clock, logger: silentLogger(), threads: false });
  context.after(() => telemetry.close());
  await telemetry.receive('logs', 'json', linesAsJson(1, 'before'));
  for (const side of ['', '-wal', '-shm']) rmSync(file + side, { force: true });
  clock.advance(60_000);
  await telemetry.receive('logs', 'json', linesAsJson(1, 'after'));
  assert.deepEqual(await messages(telemetry), ['after 0']);
  assert.match(telemetry.status().trouble?.message ?? '', /was deleted while in use/);
});

test('a client that sends its lines again, because it got no answer, does not double them', async (context) => {
  const clock = new FakeClock();
  const telemetry = await openTelemetry({ file: ':memory:', clock, logger: silentLogger() });
  context.after(() => telemetry.close());
  const timeUnixNano = `${clock.now()}000000`;
  const dated = Buffer.from(
    JSON.stringify({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano, body: { stringValue: 'once' } }] }] }],
    }),
  );
  for (let count = 0; count < 2; count += 1) await telemetry.receive('logs', 'json', dated);
  // Without a time, the same line may well come twice.
  for (let count = 0; count < 2; count += 1) await telemetry.receive('logs', 'json', linesAsJson(1, 'twice'));
  assert.deepEqual((await messages(telemetry)).toSorted(), ['once', 'twice 0', 'twice 0']);
});

test('closing leaves no journal behind', async (context) => {
  const file = fileIn(context);
  const telemetry = await opened(context, file);
  await telemetry.receive('logs', 'json', linesAsJson(2, 'line'));
  await messages(telemetry);
  await telemetry.close();
  assert.equal(existsSync(`${file}-wal`), false);
});
