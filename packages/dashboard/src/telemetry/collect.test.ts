import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { create, fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import { assertGrpcWithstands, connectRawGrpc, hostileMessages, serveGrpc } from '@flotilla/conformance/grpc';
import { silentLogger } from '@flotilla/kit/logger';
import {
  ExportTraceServiceRequestSchema,
  ExportTraceServiceResponseSchema,
  LogsService,
  MetricsService,
  TraceService,
} from '@flotilla/kit/otlp';
import { FakeClock, fakeClockStartMs } from '@flotilla/testing';
import { type ServedApp, serveApp } from '@flotilla/testing/http';
import { Collector, otlpRoutes, otlpServices } from '../collector/index.ts';
import { openTelemetry } from './open-telemetry.ts';
import type { Telemetry } from './telemetry.ts';

const protobuf = { 'content-type': 'application/x-protobuf' };
const traceId = '0af7651916cd43dd8448eb211c80319c';
const nanos = (offsetMs: number): string => `${fakeClockStartMs + offsetMs}000000`;

interface Served {
  readonly app: ServedApp;
  readonly telemetry: Telemetry;
  readonly collector: Collector;
}

async function served(context: TestContext): Promise<Served> {
  const clock = new FakeClock();
  const telemetry = await openTelemetry({ file: ':memory:', clock, logger: silentLogger() });
  const collector = new Collector((...sent) => telemetry.receive(...sent), clock);
  const app = await serveApp((http) => otlpRoutes(http, collector));
  context.after(async () => {
    await app.close();
    await telemetry.close();
  });
  return { app, telemetry, collector };
}

/** As an SDK of JavaScript writes it. */
function spansAsJson(changes: object = {}): object {
  const span = {
    traceId,
    spanId: '00f067aa0ba902b7',
    name: 'GET /users/{id}',
    kind: 2,
    startTimeUnixNano: nanos(0),
    endTimeUnixNano: nanos(12),
    attributes: [
      { key: 'http.request.method', value: { stringValue: 'GET' } },
      { key: 'url.path', value: { stringValue: '/users/7' } },
      { key: 'http.response.status_code', value: { intValue: '200' } },
      { key: 'sizes', value: { arrayValue: { values: [{ intValue: 9 }, { doubleValue: 0.5 }] } } },
      { key: 'more', value: { kvlistValue: { values: [{ key: 'deep', value: { boolValue: true } }] } } },
    ],
    status: {},
    ...changes,
  };
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [{ scope: { name: 'shop.http' }, spans: [span] }],
      },
    ],
  };
}

test('spans in JSON are taken, with ids in hex, and answered as OTLP says', async (context) => {
  const { app, telemetry } = await served(context);
  const answer = await app.ask('POST', '/v1/traces', spansAsJson());
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(answer.text, '{}');
  const trace = await telemetry.queries.trace(traceId);
  assert.equal(trace?.request?.path, '/users/7');
  assert.deepEqual(trace?.spans[0]?.attributes, {
    'http.request.method': 'GET',
    'url.path': '/users/7',
    'http.response.status_code': 200,
    sizes: [9, 0.5],
    more: { deep: true },
    'otel.scope.name': 'shop.http',
  });
});

test('JSON as people and other senders write it is taken too', async (context) => {
  const { app, telemetry } = await served(context);
  // Numbers instead of texts, names with underscores, ids in capitals, null for what is absent, and fields that nobody knows.
  const odd = {
    start_time_unix_nano: fakeClockStartMs * 1e6,
    startTimeUnixNano: undefined,
    traceId: traceId.toUpperCase(),
    parentSpanId: '',
    links: null,
    tomorrow: { new: [1] },
  };
  assert.equal((await app.ask('POST', '/v1/traces', spansAsJson(odd))).text, '{}');
  assert.equal((await telemetry.queries.trace(traceId))?.startedMs, fakeClockStartMs);
});

test('protobuf is taken, plain and compressed', async (context) => {
  const { app, telemetry } = await served(context);
  const message = toBinary(
    ExportTraceServiceRequestSchema,
    create(ExportTraceServiceRequestSchema, {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [1, 2].map((number) => ({
                traceId: Buffer.from(traceId, 'hex'),
                spanId: Buffer.alloc(8, number),
                name: 'work',
                startTimeUnixNano: BigInt(nanos(0)),
                endTimeUnixNano: BigInt(nanos(number)),
              })),
            },
          ],
        },
      ],
    }),
  );
  const plain = await app.ask('POST', '/v1/traces', message, protobuf);
  assert.equal(plain.status, 200);
  assert.equal(plain.headers.get('content-type'), 'application/x-protobuf');
  assert.equal(plain.text, '');
  const packed = await app.ask('POST', '/v1/traces', gzipSync(message), { ...protobuf, 'content-encoding': 'gzip' });
  assert.equal(packed.status, 200);
  assert.equal((await telemetry.queries.trace(traceId))?.spans.length, 2);
});

test('logs are taken with their level, structure and trace', async (context) => {
  const { app, telemetry } = await served(context);
  const records = [
    {
      timeUnixNano: nanos(1),
      severityNumber: 17,
      body: { stringValue: 'it broke' },
      traceId,
      spanId: '00f067aa0ba902b7',
    },
    { observedTimeUnixNano: nanos(2), severityText: 'Warning', body: { stringValue: 'look' } },
    {
      timeUnixNano: nanos(3),
      body: { kvlistValue: { values: [{ key: 'msg', value: { stringValue: 'structured' } }] } },
      attributes: [{ key: 'user', value: { intValue: 7 } }],
    },
    { body: { intValue: 5 } },
  ];
  const answer = await app.ask('POST', '/v1/logs', { resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] });
  assert.equal(answer.text, '{}');
  const { logs } = await telemetry.queries.logs({});
  assert.deepEqual(
    logs.map(({ message, level }) => `${level} ${message}`),
    ['info structured', 'warn look', 'error it broke', 'info 5'],
  );
  assert.deepEqual(logs[0]?.fields, { user: 7, body: { msg: 'structured' } });
  assert.equal(logs[2]?.traceId, traceId);
});

test('what cannot be kept is rejected alone, with a reason that the page shows too', async (context) => {
  const { app, telemetry, collector } = await served(context);
  const before = collector.trouble;
  assert.equal(before, undefined);
  const bad = spansAsJson({ traceId: 'CvdlGRbNQ92ESOshHIAxnA==' });
  const answer = await app.ask('POST', '/v1/traces', bad);
  assert.equal(answer.status, 200);
  const { rejectedSpans, errorMessage } = (answer.body?.['partialSuccess'] ?? {}) as Record<string, unknown>;
  assert.equal(rejectedSpans, '1');
  assert.match(
    String(errorMessage),
    /^The span "GET \/users\/{id}" has no valid trace id: 16 bytes, in JSON 32 hex digits/,
  );
  assert.equal(collector.trouble?.message, errorMessage);
  const old = await app.ask('POST', '/v1/traces', spansAsJson({ startTimeUnixNano: '1544712660000000000' }));
  assert.match(old.text, /older than what the dashboard keeps .* Check its clock/);
  assert.equal(await telemetry.queries.trace(traceId), undefined);
});

test('a body that nothing can be made of is a 4xx that says what is wrong, in the encoding of the request', async (context) => {
  const { app } = await served(context);
  const cases: readonly (readonly [unknown, Record<string, string>, number, RegExp])[] = [
    ['{', {}, 400, /"code":3,"message":".*JSON/],
    ['[]', {}, 400, /must be an object/],
    ['{"resourceSpans": 5}', {}, 400, /The body is not OTLP: .*resourceSpans|resource_spans/],
    ['{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), {}, 400, /nested deeper than 60 levels/],
    [Buffer.from([0xff, 0xff]), protobuf, 400, /damaged/],
    [Buffer.alloc(9 * 1_048_576), protobuf, 413, /larger than 8388608 bytes/],
    [gzipSync(Buffer.alloc(64 * 1_048_576)), { ...protobuf, 'content-encoding': 'gzip' }, 413, /larger than 8388608/],
    [Buffer.from('no gzip'), { ...protobuf, 'content-encoding': 'gzip' }, 400, /not valid gzip/],
    ['{}', { 'content-encoding': 'zstd' }, 415, /OTEL_EXPORTER_OTLP_COMPRESSION/],
    ['{}', { 'content-type': 'text/plain' }, 415, /./],
  ];
  for (const [body, headers, status, text] of cases) {
    const answer = await app.ask('POST', '/v1/traces', body, headers);
    assert.equal(answer.status, status, `${text} ${answer.text}`);
    assert.match(answer.text, text);
  }
  const wrong = await app.ask('GET', '/v1/traces');
  assert.equal(wrong.status, 405);
  assert.equal((await app.ask('POST', '/v1/profiles', {})).status, 404);
});

test('no damage to a message gets more than a 4xx', async (context) => {
  const { app } = await served(context);
  for (const { what, bytes } of hostileMessages(ExportTraceServiceRequestSchema)) {
    const { status, text } = await app.ask('POST', '/v1/traces', bytes, protobuf);
    assert.ok(status === 200 || (status >= 400 && status < 500), `${what}: ${status} ${text}`);
  }
  const whole = toBinary(
    ExportTraceServiceRequestSchema,
    create(ExportTraceServiceRequestSchema, { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'x' }] }] }] }),
  );
  for (let at = 0; at < whole.length; at += 1) {
    const bytes = Uint8Array.from(whole);
    bytes[at] = 0xff;
    const { status } = await app.ask('POST', '/v1/traces', bytes, protobuf);
    assert.ok(status === 200 || status === 400, `byte ${at}: ${status}`);
  }
});

test('a huge attribute is cut, not refused, and costs no more room than others', async (context) => {
  const { app, telemetry } = await served(context);
  const attributes = [{ key: 'document', value: { stringValue: 'x'.repeat(3_000_000) } }];
  assert.equal((await app.ask('POST', '/v1/traces', spansAsJson({ attributes }))).text, '{}');
  const [span] = (await telemetry.queries.trace(traceId))?.spans ?? [];
  assert.match(String(span?.attributes['document']), /^x{2048}… \(cut, 3000000 characters\)$/);
});

test('OTLP/gRPC takes the same, answers with what it rejects, and withstands what nobody should send', async (context) => {
  const { telemetry, collector } = await served(context);
  const { server, port } = await serveGrpc(otlpServices(collector));
  context.after(() => server.close());
  const client = await connectRawGrpc(port);
  context.after(() => client.close());
  const message = create(ExportTraceServiceRequestSchema, {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [Buffer.from(traceId, 'hex'), Buffer.alloc(3)].map((id) => ({
              traceId: id,
              spanId: Buffer.alloc(8, 1),
              name: 'work',
              startTimeUnixNano: BigInt(nanos(0)),
            })),
          },
        ],
      },
    ],
  });
  const export_ = `/${TraceService.typeName}/Export`;
  const answer = await client.call(export_, toBinary(ExportTraceServiceRequestSchema, message));
  assert.equal(answer.status, 0);
  const [body] = answer.messages;
  assert.deepEqual(
    toJson(ExportTraceServiceResponseSchema, fromBinary(ExportTraceServiceResponseSchema, body ?? Buffer.alloc(0))),
    {
      partialSuccess: {
        rejectedSpans: '1',
        errorMessage: 'The span "work" has no valid trace id: 16 bytes, in JSON 32 hex digits, not all zero',
      },
    },
  );
  assert.equal((await telemetry.queries.trace(traceId))?.spans.length, 1);
  const { calls } = await assertGrpcWithstands(port, [TraceService, MetricsService, LogsService], async () => {
    assert.equal((await client.call(export_, Buffer.alloc(0))).status, 0);
  });
  assert.ok(calls > 600, String(calls));
});
