import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics, type Metrics } from '../telemetry/index.ts';
import { MetricReports, type OtelMetric } from './otel-metrics.ts';

const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };

function someMetrics(): { metrics: Metrics; serve: (status: string, seconds: number) => void } {
  const metrics = createMetrics(() => 5_000);
  metrics.gauge({ name: 'process_start_time_seconds', help: 'Start.', merge: 'min' }).labels().set(1);
  const durations = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration.',
    labels: ['http_request_method', 'http_response_status_code', 'error_type'],
    buckets: [0.1, 1],
  });
  return { metrics, serve: (status, seconds) => durations.labels('GET', status, '').observe(seconds, span) };
}

function find(metrics: readonly OtelMetric[], name: string): OtelMetric {
  const found = metrics.find((one) => one.name === name);
  assert.ok(found, `${name} in ${metrics.map((one) => one.name).join(', ')}`);
  return found;
}

test('metrics have the names, units and attributes of the conventions, without empty attributes', () => {
  const { metrics, serve } = someMetrics();
  serve('200', 0.5);
  const found = find(new MetricReports('cumulative').report(metrics.snapshot(), 9_000), 'http.server.request.duration');
  assert.deepEqual(found, {
    name: 'http.server.request.duration',
    description: 'Duration.',
    unit: 's',
    kind: 'histogram',
    temporality: 'cumulative',
    points: [
      {
        attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 },
        startMs: 1_000,
        atMs: 9_000,
        value: {
          bounds: [0.1, 1],
          counts: [0, 1, 0],
          sum: 0.5,
          exemplars: [{ traceId: span.traceId, spanId: span.spanId, value: 0.5, atMs: 5_000 }],
        },
      },
    ],
  });
});

test('counters are monotonic sums, gauges gauges, and what comes and goes is a sum', () => {
  const metrics = createMetrics();
  metrics.counter({ name: 'gateway_retries_total', help: '' }).labels().inc(3);
  metrics.counter({ name: 'process_cpu_seconds_total', help: '' }).labels().inc(0.5);
  metrics.gauge({ name: 'nodejs_heap_size_used_bytes', help: '' }).labels().set(7);
  metrics.gauge({ name: 'http_server_active_requests', help: '' }).labels().set(2);
  metrics.gauge({ name: 'target_info', help: '' }).labels().set(1);
  const found = new MetricReports('cumulative').report(metrics.snapshot(), 1);
  assert.deepEqual(
    found.map(({ name, unit, kind, points }) => [name, unit, kind, points[0]?.value]),
    [
      ['gateway_retries', '', 'sum', 3],
      ['process.cpu.time', 's', 'sum', 0.5],
      ['nodejs_heap_size_used', 'By', 'gauge', 7],
      ['http.server.active_requests', '', 'up-down', 2],
    ],
  );
});

test('the quantiles of the event loop are metrics of their own', () => {
  const metrics = createMetrics();
  const lag = metrics.gauge({ name: 'nodejs_eventloop_lag_seconds', help: '', labels: ['quantile'] });
  for (const quantile of ['0.5', '0.9', '0.99', '1']) lag.labels(quantile).set(Number(quantile));
  const found = new MetricReports('cumulative').report(metrics.snapshot(), 1);
  assert.deepEqual(
    found.map(({ name, points }) => [name, points[0]?.value, points[0]?.attributes]),
    ['p50', 'p90', 'p99', 'max'].map((name, index) => [
      `nodejs.eventloop.delay.${name}`,
      [0.5, 0.9, 0.99, 1][index],
      {},
    ]),
  );
});

test('with delta, a report says what is new since the one before, and a counter that began anew all of it', () => {
  const { metrics, serve } = someMetrics();
  const retries = metrics.counter({ name: 'retries_total', help: '' }).labels();
  const reports = new MetricReports('delta');
  serve('200', 0.5);
  retries.inc(3);
  const first = reports.report(metrics.snapshot(), 9_000);
  assert.deepEqual(find(first, 'retries').points, [{ attributes: {}, startMs: 1_000, atMs: 9_000, value: 3 }]);
  serve('200', 7);
  const second = reports.report(metrics.snapshot(), 10_000);
  assert.ok(!second.some(({ name }) => name === 'retries'));
  const [point] = find(second, 'http.server.request.duration').points;
  assert.deepEqual([point?.startMs, point?.atMs], [9_000, 10_000]);
  // Its exemplars are from before 9,000.
  assert.deepEqual(point?.value, { bounds: [0.1, 1], counts: [0, 0, 1], sum: 7, exemplars: [] });
  const restarted = createMetrics();
  restarted.counter({ name: 'retries_total', help: '' }).labels().inc(1);
  assert.equal(find(reports.report(restarted.snapshot(), 11_000), 'retries').points[0]?.value, 1);
});
