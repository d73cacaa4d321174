import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { silentLogger } from '@flotilla/kit/logger';
import { FakeClock, fakeClockStartMs } from '@flotilla/testing';
import type { Batch, LogRecord, SpanRecord } from '../store/index.ts';
import { openTelemetry, type TelemetryOptions } from './open-telemetry.ts';
import type { Telemetry } from './telemetry.ts';

const traceId = Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex');
const startUs = fakeClockStartMs * 1_000;

function idOf(number: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(number, 4);
  return bytes;
}

/** The span `number` below `parent`, which begins `number` milliseconds after the first and takes 10. */
function span(number: number, parent: number | undefined, changes: Partial<SpanRecord> = {}): SpanRecord {
  return {
    traceId,
    spanId: idOf(number),
    parentSpanId: parent === undefined ? undefined : idOf(parent),
    name: `span ${number}`,
    kind: 'internal',
    startUs: startUs + number * 1_000,
    durationUs: 10_000,
    failed: false,
    attributes: {},
    events: [],
    links: [],
    weight: 1,
    ...changes,
  };
}

function line(message: string, changes: Partial<LogRecord> = {}): LogRecord {
  return { atUs: startUs, severity: 9, message, fields: {}, ...changes };
}

function from(service: string, rest: Omit<Batch, 'resource'>): Batch {
  const resource = { service, instanceId: `${service}-1`, attributes: { 'service.name': service } };
  return { resource, ...rest };
}

async function opened(context: TestContext, changes: Partial<TelemetryOptions> = {}): Promise<Telemetry> {
  const telemetry = await openTelemetry({
    file: ':memory:',
    clock: new FakeClock(),
    logger: silentLogger(),
    threads: false,
    ...changes,
  });
  context.after(() => telemetry.close());
  return telemetry;
}

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'telemetry-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const requestAttributes = {
  'http.request.method': 'GET',
  'url.path': '/users/7',
  'url.query': 'full=1',
  'http.route': '/users/{id}',
  'http.response.status_code': 503,
  'error.type': 'UPSTREAM_FAILED',
};

/** A request through the gateway to a service, as its programs send it: the inner spans first. */
async function addRequest(telemetry: Telemetry): Promise<void> {
  await telemetry.add([
    from('user-service', {
      spans: [
        span(4, 3, { kind: 'client', attributes: { 'db.system.name': 'sqlite' } }),
        span(3, 2, { kind: 'server', attributes: requestAttributes }),
      ],
      logs: [line('found nobody', { traceId, spanId: idOf(3), fields: { userId: 7 } })],
    }),
  ]);
  await telemetry.add([
    from('gateway', {
      spans: [
        span(2, 1, { kind: 'client' }),
        span(1, undefined, { kind: 'server', failed: true, attributes: requestAttributes }),
      ],
    }),
  ]);
}

test('a request is listed once, by its span at the gateway, whatever arrived first', async (context) => {
  const telemetry = await opened(context);
  await addRequest(telemetry);
  const { requests, cursor } = await telemetry.queries.requests({});
  assert.equal(cursor, undefined);
  assert.deepEqual(requests, [
    {
      traceId: traceId.toString('hex'),
      spanId: '0000000000000001',
      service: 'gateway',
      method: 'GET',
      path: '/users/7',
      query: 'full=1',
      route: '/users/{id}',
      status: 503,
      atMs: fakeClockStartMs + 1,
      durationMs: 10,
      failed: true,
      errorType: 'UPSTREAM_FAILED',
      spans: 4,
    },
  ]);
});

test('requests are found by each filter, and not by one that does not fit', async (context) => {
  const telemetry = await opened(context);
  await addRequest(telemetry);
  const found = [
    { status: '5xx' },
    { status: '404, 503' },
    { status: 'failed' },
    { route: '/users/{id}' },
    { method: 'get' },
    { service: 'user-service' },
    { minMs: 10 },
    { text: 'UPSTREAM_' },
    { text: 'full=1' },
    { text: traceId.toString('hex') },
    { fromMs: fakeClockStartMs, toMs: fakeClockStartMs + 100 },
  ];
  const notFound = [
    { status: '404' },
    { status: 'nonsense' },
    { route: '/users' },
    { method: 'POST' },
    { service: 'order-service' },
    { minMs: 10.5 },
    { text: '%' },
    { text: 'f_ll' },
    { toMs: fakeClockStartMs },
    { fromMs: fakeClockStartMs + 2 },
  ];
  for (const filter of found)
    assert.equal((await telemetry.queries.requests(filter)).requests.length, 1, JSON.stringify(filter));
  for (const filter of notFound)
    assert.equal((await telemetry.queries.requests(filter)).requests.length, 0, JSON.stringify(filter));
});

test('pages of requests follow one another without a gap, also where several began at the same time', async (context) => {
  const telemetry = await opened(context);
  const spans = Array.from({ length: 25 }, (_, index) => span(index + 1, undefined, { kind: 'server', startUs }));
  await telemetry.add([from('gateway', { spans })]);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await telemetry.queries.requests({ limit: 10, cursor });
    seen.push(...page.requests.map(({ spanId }) => spanId));
    cursor = page.cursor;
  } while (cursor !== undefined);
  assert.equal(seen.length, 25);
  assert.equal(new Set(seen).size, 25);
});

test('a trace has parents before their children, with its logs', async (context) => {
  const telemetry = await opened(context);
  await addRequest(telemetry);
  const trace = await telemetry.queries.trace(traceId.toString('hex'));
  assert.deepEqual(
    trace?.spans.map(({ name, depth, service }) => `${depth} ${name} ${service}`),
    ['0 span 1 gateway', '1 span 2 gateway', '2 span 3 user-service', '3 span 4 user-service'],
  );
  assert.equal(trace?.startedMs, fakeClockStartMs + 1);
  assert.equal(trace?.durationMs, 13);
  assert.equal(trace?.missingParents, 0);
  assert.equal(trace?.request?.service, 'gateway');
  assert.deepEqual(
    trace?.logs.map(({ message, fields, spanId }) => ({ message, fields, spanId })),
    [{ message: 'found nobody', fields: { userId: 7 }, spanId: '0000000000000003' }],
  );
  assert.deepEqual(trace?.problem, { status: 503, code: 'UPSTREAM_FAILED' });
  assert.equal(await telemetry.queries.trace('f'.repeat(32)), undefined);
  assert.equal(await telemetry.queries.trace('nonsense'), undefined);
});

test('a trace with missing parents, spans in a circle, and a span that is its own parent is shown all the same', async (context) => {
  const telemetry = await opened(context);
  await telemetry.add([from('odd', { spans: [span(1, 2), span(2, 1), span(3, 3), span(4, 99), span(5, 4)] })]);
  const trace = await telemetry.queries.trace(traceId.toString('hex'));
  assert.equal(trace?.spans.length, 5);
  assert.equal(trace?.missingParents, 1);
});

test('spans that a client sends again are there once', async (context) => {
  const telemetry = await opened(context);
  await addRequest(telemetry);
  await addRequest(telemetry);
  assert.equal((await telemetry.queries.trace(traceId.toString('hex')))?.spans.length, 4);
});

test('logs are listed newest first, and found by level, service, instance, text and trace', async (context) => {
  const telemetry = await opened(context);
  await telemetry.add([
    from('one', { logs: [line('first', { severity: 5 }), line('second', { atUs: startUs + 2, severity: 17 })] }),
    from('two', { logs: [line('between', { atUs: startUs + 1, traceId, fields: { user: 'ann' } })] }),
  ]);
  const messages = async (filter: object): Promise<string> =>
    (await telemetry.queries.logs(filter)).logs.map(({ message }) => message).join(' ');
  assert.equal(await messages({}), 'second between first');
  assert.equal(await messages({ level: 'info' }), 'second between');
  assert.equal(await messages({ level: 'error' }), 'second');
  assert.equal(await messages({ service: 'one' }), 'second first');
  assert.equal(await messages({ instance: 'two-1' }), 'between');
  assert.equal(await messages({ service: 'one', instance: 'two-1' }), '');
  assert.equal(await messages({ text: 'BETW' }), 'between');
  assert.equal(await messages({ text: 'ann' }), 'between');
  assert.equal(await messages({ traceId: traceId.toString('hex') }), 'between');
  assert.equal(await messages({ traceId: 'nonsense' }), '');
  const page = await telemetry.queries.logs({ limit: 2 });
  assert.equal(await messages({ limit: 2, cursor: page.cursor }), 'first');
  assert.deepEqual(
    (await telemetry.queries.logsAfter(1, {})).map(({ id, message }) => `${id} ${message}`),
    ['2 second', '3 between'],
  );
  assert.equal(await telemetry.queries.lastLogId(), 3);
});

test('what cannot be true of time is rejected, with a reason that names the sender', async (context) => {
  const telemetry = await opened(context);
  const { rejected, reason } = await telemetry.add([
    from('late', { spans: [span(1, undefined, { startUs: 1 }), span(2, undefined)] }),
    from('early', { logs: [line('x', { atUs: startUs + 86_400_000_000 }), line('y', { atUs: undefined })] }),
  ]);
  assert.deepEqual(rejected, { spans: 1, logs: 1, points: 0 });
  assert.match(
    reason ?? '',
    /^late sent spans of 1970-01-01T00:00:00.000Z, which is older than what the dashboard keeps .*Check its clock$/,
  );
  assert.equal((await telemetry.queries.logs({})).logs.length, 1);
});

test('a restart keeps what was there', async (context) => {
  const file = join(folder(context), 'telemetry.db');
  const first = await opened(context, { file });
  await addRequest(first);
  await first.close();
  const second = await opened(context, { file });
  await second.add([from('gateway', { logs: [line('again')] })]);
  assert.equal((await second.queries.requests({})).requests.length, 1);
  assert.equal(await second.queries.lastLogId(), 2);
});

test('a file that is no database is moved aside with a word, and a new one begun', async (context) => {
  const path = folder(context);
  const file = join(path, 'telemetry.db');
  writeFileSync(file, 'This is not a database. '.repeat(500));
  const logger = silentLogger();
  const telemetry = await opened(context, { file, logger });
  await addRequest(telemetry);
  assert.match(
    telemetry.status().trouble?.message ?? '',
    /^The dashboard could not use its database .* moved to .*unusable-/,
  );
  assert.equal(readdirSync(path).filter((name) => name.includes('unusable')).length, 1);
});

test('a working database of another program is left alone', async (context) => {
  const file = join(folder(context), 'users.db');
  const other = new DatabaseSync(file);
  other.exec('CREATE TABLE users (id INTEGER PRIMARY KEY)');
  other.close();
  await assert.rejects(opened(context, { file }), /is the database of another program\. Name another file/);
  assert.equal(new DatabaseSync(file).prepare('SELECT count(*) AS n FROM users').get()?.['n'], 0);
});

test('what is older than the bound goes, and the rest stays', async (context) => {
  const clock = new FakeClock();
  const telemetry = await opened(context, { clock, maxAgeMs: 3_600_000 });
  await telemetry.add([from('one', { logs: [line('old')] })]);
  clock.advance(3_000_000);
  await telemetry.add([from('one', { logs: [line('new', { atUs: undefined })] })]);
  clock.advance(700_000);
  const { logs } = await telemetry.queries.logs({});
  assert.deepEqual(
    logs.map(({ message }) => message),
    ['new'],
  );
});

test('a flood of logs leaves the file within its bound, and the traces in it', async (context) => {
  const file = join(folder(context), 'telemetry.db');
  const telemetry = await opened(context, { file, maxBytes: 16 * 1_048_576 });
  await addRequest(telemetry);
  const logs = Array.from({ length: 500 }, () => line('x'.repeat(2_000)));
  for (let count = 0; count < 30; count += 1) await telemetry.add([from('noisy', { logs })]);
  assert.ok(telemetry.status().usedBytes < 16 * 1_048_576);
  assert.equal((await telemetry.queries.requests({})).requests.length, 1);
  const newest = (await telemetry.queries.logs({ limit: 1 })).logs[0];
  assert.equal(newest?.id, 15_001);
});

test('a message for which there is no room costs no more of the past than it needs', async (context) => {
  const file = join(folder(context), 'telemetry.db');
  const telemetry = await opened(context, { file, maxBytes: 16 * 1_048_576 });
  const add = (message: string): Promise<unknown> =>
    telemetry.add([from('noisy', { logs: Array.from({ length: 800 }, () => line(message.padEnd(2_000))) })]);
  for (let count = 0; count < 12; count += 1) {
    await add(`message ${count}`);
    const { logs } = await telemetry.queries.logs({ limit: 1, text: `message ${Math.max(0, count - 2)}` });
    assert.equal(logs.length, 1, `after message ${count}`);
  }
});

test('a message takes the room of what came before in small parts, through quiet hours', async (context) => {
  const clock = new FakeClock();
  const telemetry = await opened(context, {
    file: join(folder(context), 'telemetry.db'),
    maxBytes: 16 * 1_048_576,
    clock,
  });
  const add = (message: string, count: number): Promise<unknown> =>
    telemetry.add([
      from('noisy', { logs: Array.from({ length: count }, () => line(message, { atUs: clock.now() * 1_000 })) }),
    ]);
  for (let minute = 0; minute < 420; minute += 1) {
    clock.advance(61_000);
    await add('quiet'.padEnd(2_000), 10);
  }
  for (let count = 0; count < 6; count += 1) await add('loud'.padEnd(5_000), 400);
  assert.equal((await telemetry.queries.logs({ limit: 1_000, text: 'loud' })).logs.length, 1_000);
  assert.equal(telemetry.status().trouble, undefined);
});

test('listeners hear of what came, at most ten times a second', async (context) => {
  const clock = new FakeClock();
  const telemetry = await opened(context, { clock });
  const heard: unknown[] = [];
  const stop = telemetry.onChange((change) => heard.push(change));
  await addRequest(telemetry);
  assert.deepEqual(heard, []);
  clock.advance(100);
  assert.deepEqual(heard, [{ spans: true, logs: true, points: false }]);
  stop();
  await addRequest(telemetry);
  clock.advance(100);
  assert.equal(heard.length, 1);
});

test('a trace of many thousand spans, and one as deep as it has spans, are shown whole and in the order of time', async (context) => {
  const telemetry = await opened(context);
  const wide = Array.from({ length: 3_000 }, (_, index) => span(index + 2, 1)).toReversed();
  await telemetry.add([from('wide', { spans: [...wide, span(1, undefined)] })]);
  const trace = await telemetry.queries.trace(traceId.toString('hex'));
  assert.equal(trace?.spans.length, 3_001);
  assert.ok(trace?.spans.every(({ offsetMs }, index, all) => offsetMs >= (all[index - 1]?.offsetMs ?? 0)));
  const deep = Array.from({ length: 3_000 }, (_, index) =>
    span(index + 1, index === 0 ? undefined : index, { traceId: Buffer.alloc(16, 9) }),
  );
  await telemetry.add([from('deep', { spans: deep })]);
  assert.equal((await telemetry.queries.trace('09'.repeat(16)))?.spans.at(-1)?.depth, 2_999);
});

test('a child whose clock is behind stands below its parent all the same', async (context) => {
  const telemetry = await opened(context);
  await telemetry.add([from('skewed', { spans: [span(5, undefined), span(6, 5, { startUs: startUs - 50_000 })] })]);
  const trace = await telemetry.queries.trace(traceId.toString('hex'));
  assert.deepEqual(
    trace?.spans.map(({ name, depth, offsetMs }) => `${depth} ${name} ${offsetMs}`),
    ['0 span 5 55', '1 span 6 0'],
  );
});

test('a server that answered 5xx has failed, whether its library says so or not', async (context) => {
  const telemetry = await opened(context);
  const attributes = { 'http.response.status_code': 500 };
  await telemetry.add([
    from('silent', {
      spans: [span(1, undefined, { kind: 'server', attributes }), span(2, 1, { kind: 'client', attributes })],
    }),
  ]);
  const trace = await telemetry.queries.trace(traceId.toString('hex'));
  assert.deepEqual(
    trace?.spans.map(({ failed }) => failed),
    [true, false],
  );
});
