import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { FakeClock } from '@flotilla/testing';
import { createLogger, LineTap, silentLogger } from '../logger/index.ts';
import { ExportLogsServiceRequestSchema, ExportMetricsServiceRequestSchema } from '../otlp/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import { exportLogs } from './log-export.ts';
import { MetricExport, readMetricSchedule } from './metric-export.ts';
import { OtlpSender } from './otlp-sender.ts';
import type { TelemetryConfig } from './otlp-target.ts';

const reporter = { resource: { 'service.name': 's' }, scope: { name: 'flotilla', version: '' } };

/** A sender to a receiver that takes everything, or never answers. */
function setUp(receiver: 'takes' | 'hangs' = 'takes') {
  const clock = new FakeClock();
  const messages: Buffer[] = [];
  const metrics = createMetrics(() => clock.now());
  let closed = false;
  const sender = new OtlpSender({
    ...{ signal: 'metrics', url: 'http://r/', timeoutMs: 10_000, clock, metrics, logger: silentLogger() },
    post: {
      encoding: 'protobuf',
      send(message) {
        messages.push(message);
        return receiver === 'takes'
          ? Promise.resolve({ kind: 'sent', answer: Buffer.alloc(0) })
          : new Promise(() => undefined);
      },
      close: () => (closed = true),
    },
  });
  return { clock, messages, metrics, sender, isClosed: () => closed };
}

/** The counter `calls` in each message, and since when. */
function callsIn(messages: readonly Buffer[]): readonly unknown[] {
  return messages.map((message) => {
    const { resourceMetrics } = fromBinary(ExportMetricsServiceRequestSchema, new Uint8Array(message));
    const calls = resourceMetrics[0]?.scopeMetrics[0]?.metrics.find(({ name }) => name === 'calls');
    return calls?.data.case === 'sum' ? calls.data.value.dataPoints[0]?.value.value : undefined;
  });
}

test('metrics are sent at each interval once this process may, and once more at the end', async () => {
  const { clock, messages, metrics, sender, isClosed } = setUp();
  const calls = metrics.counter({ name: 'calls_total', help: '' }).labels();
  const schedule = { intervalMs: 5_000, timeoutMs: 30_000, temporality: 'cumulative' } as const;
  const collect = () => metrics.snapshot();
  const exported = new MetricExport({ clock, reporter, sender, schedule, collect });
  await clock.advanceAsync(60_000);
  assert.deepEqual(messages, []);
  exported.begin();
  calls.inc();
  await clock.advanceAsync(5_000);
  calls.inc();
  await clock.advanceAsync(5_000);
  calls.inc();
  await exported.close(2_000);
  assert.deepEqual(callsIn(messages), [1, 2, 3]);
  assert.ok(isClosed());
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('with delta, a process that takes over does not tell again what was told', async () => {
  const { clock, messages, metrics, sender } = setUp();
  metrics
    .gauge({ name: 'process_start_time_seconds', help: '' })
    .labels()
    .set(clock.now() / 1_000 - 3_600);
  const calls = metrics.counter({ name: 'calls_total', help: '' }).labels();
  calls.inc(1_000);
  const schedule = { intervalMs: 5_000, timeoutMs: 30_000, temporality: 'delta' } as const;
  const exported = new MetricExport({ clock, reporter, sender, schedule, collect: () => metrics.snapshot() });
  exported.begin();
  await clock.advanceAsync(5_000);
  calls.inc(2);
  await clock.advanceAsync(5_000);
  assert.deepEqual(callsIn(messages), [2]);
  await exported.close(1);
});

test('a report that cannot be made is not the last', async () => {
  const { clock, messages, metrics, sender } = setUp();
  const calls = metrics.counter({ name: 'calls_total', help: '' }).labels();
  calls.inc();
  let fails = true;
  const collect = () => {
    if (fails) throw new RangeError('no metrics');
    return metrics.snapshot();
  };
  const schedule = { intervalMs: 5_000, timeoutMs: 30_000, temporality: 'cumulative' } as const;
  const exported = new MetricExport({ clock, reporter, sender, schedule, collect });
  exported.begin();
  await clock.advanceAsync(5_000);
  fails = false;
  await clock.advanceAsync(5_000);
  assert.deepEqual(callsIn(messages), [1]);
  await exported.close(1);
});

test('a receiver that does not answer holds up no stop', async () => {
  const { clock, metrics, sender } = setUp('hangs');
  const schedule = { intervalMs: 5_000, timeoutMs: 30_000, temporality: 'cumulative' } as const;
  const exported = new MetricExport({ clock, reporter, sender, schedule, collect: () => metrics.snapshot() });
  exported.begin();
  await clock.advanceAsync(5_000);
  let ended = false;
  const closing = exported.close(2_000).then(() => (ended = true));
  await clock.advanceAsync(1_999);
  assert.ok(!ended);
  await clock.advanceAsync(1);
  await closing;
});

test('what is wrong with the settings of metrics is said, and the default used', () => {
  const problems: string[] = [];
  const written: Partial<TelemetryConfig> = {
    OTEL_METRIC_EXPORT_INTERVAL: '5s',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'often',
  };
  // The others are not set.
  const schedule = readMetricSchedule(written as TelemetryConfig, problems);
  assert.deepEqual(schedule, { intervalMs: 60_000, timeoutMs: 1_000, temporality: 'cumulative' });
  assert.deepEqual(problems, [
    'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE is not one of cumulative, delta, lowmemory. It is cumulative.',
    'OTEL_METRIC_EXPORT_INTERVAL is not a whole number of milliseconds, 0 to 2147483647. It is 60000.',
  ]);
});

test('log lines are sent in batches, also those from before there was anybody to send them', async () => {
  const { clock, messages, sender } = setUp();
  const tap = new LineTap();
  const sink = { write: () => undefined };
  const logger = createLogger({
    service: 's',
    instance: 'i',
    format: 'json',
    stdout: sink,
    stderr: sink,
    tap: tap.put,
  });
  logger.info('early');
  const limits = { delayMs: 1_000, timeoutMs: 30_000, maxQueued: 10, maxBatch: 5 };
  const exported = exportLogs({ clock, limits, reporter, sender, tap });
  logger.info('late');
  await clock.advanceAsync(1_000);
  logger.info('last');
  await exported.close(2_000);
  logger.info('too late');
  const bodies = messages.map((message) => {
    const { resourceLogs } = fromBinary(ExportLogsServiceRequestSchema, new Uint8Array(message));
    return resourceLogs[0]?.scopeLogs[0]?.logRecords.map(({ body }) => body?.value.value);
  });
  assert.deepEqual(bodies, [['early', 'late'], ['last']]);
});

test('large lines are sent in several messages, none of which a receiver would refuse for its size', async () => {
  const { clock, messages, sender } = setUp();
  const tap = new LineTap();
  const limits = { delayMs: 1_000, timeoutMs: 30_000, maxQueued: 1_000, maxBatch: 512 };
  const exported = exportLogs({ clock, limits, reporter, sender, tap });
  const line = (msg: number, text: string): string =>
    `${JSON.stringify({ level: 'info', time: '2026-01-01T00:00:00.000Z', msg: String(msg), text })}\n`;
  for (let index = 0; index < 200; index += 1)
    tap.put(line(index, index === 50 ? 'x'.repeat(800_000) : '船'.repeat(7_000)));
  await clock.advanceAsync(1_000);
  await exported.close(2_000);
  const bodies = messages.flatMap((message) => {
    const { resourceLogs } = fromBinary(ExportLogsServiceRequestSchema, new Uint8Array(message));
    return resourceLogs[0]?.scopeLogs[0]?.logRecords.map(({ body }) => body?.value.value) ?? [];
  });
  assert.deepEqual(
    bodies,
    Array.from({ length: 200 }, (_, index) => String(index)),
  );
  const sizes = messages.map(({ length }) => length).toSorted((one, other) => one - other);
  assert.ok((sizes.pop() ?? 0) > 800_000, 'a line that is too large is alone');
  assert.ok((sizes.at(-1) ?? 0) < 1_000_000);
});
