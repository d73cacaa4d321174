import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBinary, fromJson, type JsonValue } from '@bufbuild/protobuf';
import { createLogger } from '../logger/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import { ExportLogsServiceRequestSchema, ExportMetricsServiceRequestSchema } from './index.ts';
import { otelLogOf } from './otel-log.ts';
import { MetricReports } from './otel-metrics.ts';
import { logsJson, writeLogs } from './write-logs.ts';
import { metricsJson, writeMetrics } from './write-metrics.ts';

const reporter = { resource: { 'service.name': 's', 'process.pid': 7 }, scope: { name: 'flotilla', version: '1' } };
const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

/** The JSON of OTLP with ids as protobuf's own JSON has bytes: in base64. */
function withBase64Ids(json: Buffer): JsonValue {
  return JSON.parse(json.toString(), (key, value: unknown) =>
    (key === 'traceId' || key === 'spanId') && typeof value === 'string'
      ? Buffer.from(value, 'hex').toString('base64')
      : value,
  ) as JsonValue;
}

test('metrics say the same in protobuf and in JSON', () => {
  const metrics = createMetrics(() => 1_700_000_000_123.5);
  metrics.gauge({ name: 'process_start_time_seconds', help: 'Start.' }).labels().set(1_700_000_000);
  const durations = metrics.histogram({
    name: 'd_seconds',
    help: 'D.',
    labels: ['http_response_status_code', 'route'],
  });
  durations.labels('200', '/ä').observe(0.3, { traceId, spanId, sampled: true });
  durations.labels('200', '/ä').observe(99);
  metrics
    .counter({ name: 'c_total', help: 'C.' })
    .labels()
    .inc(2 ** 40);
  metrics.gauge({ name: 'g', help: 'G.' }).labels().set(-0.25);
  metrics.gauge({ name: 'inf', help: 'I.' }).labels().set(Number.POSITIVE_INFINITY);
  metrics.gauge({ name: 'http_server_active_requests', help: 'A.' }).labels().set(1);
  for (const temporality of ['cumulative', 'delta'] as const) {
    const report = new MetricReports(temporality).report(metrics.snapshot(), 1_700_000_001_000);
    const read = fromBinary(ExportMetricsServiceRequestSchema, new Uint8Array(writeMetrics(reporter, report)));
    assert.deepEqual(read, fromJson(ExportMetricsServiceRequestSchema, withBase64Ids(metricsJson(reporter, report))));
    const [, histogram, counter] = read.resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
    assert.equal(histogram?.data.case, 'histogram');
    const [point] = histogram?.data.case === 'histogram' ? histogram.data.value.dataPoints : [];
    assert.equal(point?.count, 2n);
    assert.equal(Buffer.from(point.exemplars[0]?.traceId ?? []).toString('hex'), traceId);
    assert.equal(point?.timeUnixNano, 1_700_000_001_000_000_000n);
    assert.equal(point?.bucketCounts.length, (point?.explicitBounds.length ?? 0) + 1);
    const [point2] = counter?.data.case === 'sum' ? counter.data.value.dataPoints : [];
    assert.deepEqual(point2?.value, { case: 'asDouble', value: 2 ** 40 });
  }
});

test('log lines in any profile become the same records, in protobuf and in JSON', () => {
  const records = (['native', 'ecs', 'otel'] as const).map((profile) => {
    const lines: string[] = [];
    const sink = { write: () => undefined };
    const logger = createLogger({
      ...{ service: 's', instance: 'i', format: 'json', profile, stdout: sink, stderr: sink },
      tap: (line) => lines.push(line),
      trace: () => ({ traceId, spanId, sampled: true }),
    });
    logger.error({ err: new TypeError('é'), ok: true, n: null, list: [1, 2.5, { a: 'b' }], status: 500 }, 'failed');
    const log = otelLogOf(lines[0] ?? '');
    assert.ok(log);
    const read = fromBinary(ExportLogsServiceRequestSchema, new Uint8Array(writeLogs(reporter, [log], 1_000)));
    assert.deepEqual(read, fromJson(ExportLogsServiceRequestSchema, withBase64Ids(logsJson(reporter, [log], 1_000))));
    const [record] = read.resourceLogs[0]?.scopeLogs[0]?.logRecords ?? [];
    assert.ok(record);
    assert.ok(record.timeUnixNano > 1_700_000_000_000_000_000n);
    assert.equal(Buffer.from(record.traceId).toString('hex'), traceId);
    assert.equal(Buffer.from(record.spanId).toString('hex'), spanId);
    assert.deepEqual([record.severityNumber, record.severityText], [17, 'ERROR']);
    assert.deepEqual(record.body?.value, { case: 'stringValue', value: 'failed' });
    return record.attributes.map(({ key, value }) => (key === 'exception.stacktrace' ? key : { key, value }));
  });
  assert.deepEqual(
    records[0]?.map((one) => (typeof one === 'string' ? one : one.key)),
    ['ok', 'n', 'list', 'status', 'exception.type', 'exception.message', 'exception.stacktrace'],
  );
  assert.deepEqual(records[1], records[0]);
  assert.deepEqual(records[2], records[0]);
});

test('a trace id that is none stays an attribute, and a line that is none no record', () => {
  const log = otelLogOf('{"level":"info","time":"x","msg":"m","traceId":"mine"}');
  assert.deepEqual([log?.traceId, log?.atMs, log?.attributes['traceId']], [undefined, 0, 'mine']);
  assert.equal(otelLogOf('Server started'), undefined);
});
