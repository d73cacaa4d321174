import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBinary, fromJson, toJson } from '@bufbuild/protobuf';
import fc from 'fast-check';
import type { FinishedSpan } from '../telemetry/index.ts';
import { ExportTraceServiceRequestSchema } from './index.ts';
import { jsonBatches, protobufBatches, type SpanBatch } from './span-batch.ts';

const hex = (digits: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: digits, maxLength: digits })
    .map((all) => all.map((each) => each.toString(16)).join(''));
const context = fc.record(
  {
    traceId: hex(32),
    spanId: hex(16),
    sampled: fc.boolean(),
    tracestate: fc.constant('ot=th:8,x=1'),
  },
  { requiredKeys: ['traceId', 'spanId', 'sampled'] },
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 120, maxLength: 300 }),
  fc.string({ unit: 'binary' }),
);
const value = fc.oneof(
  text,
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.array(text, { maxLength: 4 }),
);
const attributes = fc.dictionary(fc.string({ minLength: 1 }), fc.option(value, { nil: undefined }), {
  maxKeys: 30,
  noNullPrototype: true,
});
/** Used by several spans, in several batches. */
const shared = [{ 'db.system.name': 'sqlite', n: 1, none: undefined }, { 'http.route': '/ü' }];
const timeMs = fc.double({ min: 1e12, max: 2e12, noNaN: true });
const span: fc.Arbitrary<FinishedSpan> = fc.record({
  context,
  parentSpanId: fc.option(hex(16), { nil: undefined }),
  name: text,
  kind: fc.constantFrom<FinishedSpan['kind']>('internal', 'server', 'client', 'producer', 'consumer'),
  startedMs: timeMs,
  durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  failed: fc.boolean(),
  message: fc.option(text, { nil: undefined }),
  attributes,
  common: fc.option(fc.constantFrom(...shared), { nil: undefined }),
  events: fc.array(fc.record({ name: text, atMs: timeMs, attributes }), { maxLength: 2 }),
  links: fc.array(context, { maxLength: 2 }),
});
const reporter = { resource: { 'service.name': 'a' }, scope: { name: 'flotilla', version: '1' } };

function written(batch: SpanBatch, spans: readonly FinishedSpan[]): Buffer {
  for (const each of spans) batch.add(each, each.context.tracestate);
  return batch.finish();
}

/** The JSON of OTLP has ids in hex, which protobuf's own has in base64. */
function asProtobufJson(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asProtobufJson);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, each]) => [
      key,
      /^(?:trace|span|parentSpan)Id$/.test(key)
        ? Buffer.from(String(each), 'hex').toString('base64')
        : asProtobufJson(each),
    ]),
  );
}

test('spans in protobuf and in JSON say the same, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 4 }), (spans) => {
      const protobuf = fromBinary(ExportTraceServiceRequestSchema, written(protobufBatches(reporter)(), spans));
      const json: unknown = JSON.parse(written(jsonBatches(reporter)(), spans).toString());
      // What protobuf-es makes of the JSON: nothing of ours is in between.
      const read = fromJson(ExportTraceServiceRequestSchema, asProtobufJson(json) as never);
      assert.deepEqual(
        toJson(ExportTraceServiceRequestSchema, protobuf),
        toJson(ExportTraceServiceRequestSchema, read),
      );
    }),
    { numRuns: 100 },
  );
});

test('a batch may be larger than what the writer begins with, and times are exact to the nanosecond', () => {
  const one: FinishedSpan = {
    context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true },
    parentSpanId: undefined,
    name: 'x'.repeat(300),
    kind: 'server',
    startedMs: 1_796_109_521_489.5,
    durationMs: 0.25,
    failed: true,
    message: 'no',
    attributes: { a: -1, b: Number.NaN },
  };
  const spans = Array.from({ length: 2_000 }, () => one);
  const { resourceSpans } = fromBinary(ExportTraceServiceRequestSchema, written(protobufBatches(reporter)(), spans));
  const read = resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
  assert.equal(read.length, 2_000);
  assert.equal(read[1_999]?.startTimeUnixNano, 1_796_109_521_489_500_000n);
  assert.equal(read[1_999]?.endTimeUnixNano, 1_796_109_521_489_750_000n);
  assert.equal(read[0]?.status?.code, 2);
  assert.deepEqual(
    read[0]?.attributes.map(({ value: each }) => each?.value.value),
    [-1n, Number.NaN],
  );
});

test('a span that cannot be written leaves its batch as it was', () => {
  const good: FinishedSpan = {
    context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true },
    parentSpanId: undefined,
    name: 'good',
    kind: 'server',
    startedMs: 0,
    durationMs: 0,
    failed: false,
    attributes: {},
  };
  const batch = protobufBatches(reporter)();
  batch.add(good, undefined);
  assert.throws(() => batch.add({ ...good, name: 'bad', parentSpanId: 'no hex digits...' }, undefined), TypeError);
  batch.add(good, undefined);
  const { resourceSpans } = fromBinary(ExportTraceServiceRequestSchema, batch.finish());
  assert.deepEqual(
    resourceSpans[0]?.scopeSpans[0]?.spans.map(({ name }) => name),
    ['good', 'good'],
  );
});
