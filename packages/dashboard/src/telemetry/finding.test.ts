import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { silentLogger } from '@flotilla/kit/logger';
import { FakeClock, fakeClockStartMs } from '@flotilla/testing';
import type { Batch, SpanRecord } from '../store/index.ts';
import { openTelemetry } from './open-telemetry.ts';
import type { Telemetry } from './telemetry.ts';

const traceId = Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex');
const startUs = fakeClockStartMs * 1_000;

function idOf(number: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(number, 4);
  return bytes;
}

/** The span `number` below `parent`. */
function span(number: number, parent: number | undefined, changes: Partial<SpanRecord> = {}): SpanRecord {
  return {
    ...{ traceId, spanId: idOf(number), parentSpanId: parent === undefined ? undefined : idOf(parent) },
    ...{ name: `span ${number}`, kind: 'internal', startUs: startUs + number * 1_000, durationUs: 10_000 },
    ...{ failed: false, attributes: {}, events: [], links: [], weight: 1 },
    ...changes,
  };
}

function from(service: string, rest: Omit<Batch, 'resource'>): Batch {
  return { resource: { service, instanceId: service, attributes: {} }, ...rest };
}

async function opened(context: TestContext): Promise<Telemetry> {
  const telemetry = await openTelemetry({ file: ':memory:', clock: new FakeClock(), logger: silentLogger() });
  context.after(() => telemetry.close());
  return telemetry;
}

/** A request through the gateway to a service, with a line of its log. */
async function addRequest(telemetry: Telemetry): Promise<void> {
  const attributes = { 'http.request.method': 'GET', 'url.path': '/users/7', 'url.query': 'full=1' };
  const at = { atUs: startUs, severity: 9, message: 'found nobody', fields: {}, traceId, spanId: idOf(3) };
  await telemetry.add([
    from('gateway', { spans: [span(1, undefined, { kind: 'server', attributes }), span(2, 1, { kind: 'client' })] }),
    from('user-service', { spans: [span(3, 2, { kind: 'server', attributes })], logs: [at] }),
  ]);
}

test('a trace is found by its id however it is pasted, in requests and in logs', async (context) => {
  const telemetry = await opened(context);
  await addRequest(telemetry);
  const id = traceId.toString('hex');
  for (const pasted of [id, id.toUpperCase(), ` ${id} `, `00-${id}-0000000000000001-01`]) {
    assert.equal((await telemetry.queries.requests({ text: pasted })).requests.length, 1, pasted);
    assert.equal((await telemetry.queries.logs({ text: pasted })).logs[0]?.message, 'found nobody', pasted);
    assert.equal((await telemetry.queries.logs({ traceId: pasted })).logs.length, 1, pasted);
    assert.equal((await telemetry.queries.trace(pasted))?.traceId, id, pasted);
  }
  assert.equal((await telemetry.queries.requests({ text: `${id}0` })).requests.length, 0);
  assert.equal(
    (await telemetry.queries.requests({ text: ' users/7 ' })).requests.length,
    1,
    'blanks are no part of it',
  );
});

test('a request is found by an attribute of any span of its trace', async (context) => {
  const telemetry = await opened(context);
  await addRequest(telemetry);
  const spanOfRequest = {
    kind: 'client',
    attributes: { 'tenant.id': 'acme "42"', retries: 3, 'a%b': true, port: 8080 },
  } as const;
  await telemetry.add([from('user-service', { spans: [span(5, 3, spanOfRequest)] })]);
  const found = async (text: string): Promise<number> => (await telemetry.queries.requests({ text })).requests.length;
  for (const text of ['tenant.id=acme', 'tenant.id=acme "42"', 'retries=3', 'port=8080', 'url.query=full=1', 'full=1'])
    assert.equal(await found(text), 1, text);
  for (const text of [
    'tenant.id=other',
    'tenant=acme',
    'retries=4',
    'port=80',
    'acme',
    '=acme',
    'tenant.id=',
    'tenant_id=acme',
  ])
    assert.equal(await found(text), 0, text);
});

test('a trace whose beginning has not come, or never will, is found by its id', async (context) => {
  const telemetry = await opened(context);
  await telemetry.add([from('job', { spans: [span(8, 7), span(9, 8)] })]);
  const text = traceId.toString('hex');
  assert.deepEqual((await telemetry.queries.requests({})).requests, [], 'nobody knows whether it is a request');
  assert.deepEqual(
    (await telemetry.queries.requests({ text })).requests.map(({ spanId, path }) => [spanId, path]),
    [[Buffer.from(idOf(8)).toString('hex'), 'span 8']],
  );
  await telemetry.add([from('gateway', { spans: [span(7, undefined, { kind: 'server' })] })]);
  assert.deepEqual(
    (await telemetry.queries.requests({ text })).requests.map(({ path }) => path),
    ['span 7'],
  );
});
