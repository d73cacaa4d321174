import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics, type Metrics } from './metrics.ts';
import { countedOnly, mergeSnapshots } from './metrics-snapshot.ts';
import { renderSnapshot } from './snapshot-families.ts';

/** One process: `requests` of GET, as many seconds each, so many connections open, started at `startedAt`. */
function counted(requests: number, seconds: number, open: number, startedAt: number, also?: string): Metrics {
  const metrics = createMetrics();
  const total = metrics.counter({ name: 'requests_total', help: 'Requests.', labels: ['method'] });
  total.labels('GET').inc(requests);
  if (also !== undefined) total.labels(also).inc();
  const durations = metrics.histogram({ name: 'duration_seconds', help: 'Duration.', buckets: [0.1, 1] }).labels();
  for (let index = 0; index < requests; index += 1) durations.observe(seconds);
  metrics.gauge({ name: 'open', help: 'Open.' }).labels().set(open);
  metrics.gauge({ name: 'started', help: 'Start.', merge: 'min' }).labels().set(startedAt);
  return metrics;
}

test('the metrics of two processes look as if one had counted everything', () => {
  const merged = mergeSnapshots([counted(2, 0.05, 1, 70).snapshot(), counted(3, 5, 4, 50, 'PUT').snapshot()]);
  const { body } = renderSnapshot(merged, undefined);
  assert.match(body, /requests_total\{method="GET"\} 5\nrequests_total\{method="PUT"\} 1\n/);
  assert.match(
    body,
    /_bucket\{le="0.1"\} 2\n.*_bucket\{le="1.0"\} 2\n.*_bucket\{le="\+Inf"\} 5\n.*_sum 15.1\n.*_count 5\n/,
  );
  assert.match(body, /\nopen 5\n/);
  assert.match(body, /\nstarted 50\n/);
});

test('a snapshot renders as the process itself would have, in both formats', () => {
  const metrics = counted(2, 0.5, 1, 70, 'a"b\\c');
  for (const accept of [undefined, 'application/openmetrics-text'])
    assert.deepEqual(renderSnapshot(metrics.snapshot(), accept), metrics.render(accept));
});

test('the counts of a process outlive it, its gauges do not', () => {
  const names = countedOnly(counted(1, 1, 1, 1).snapshot()).map((family) => family.name);
  assert.deepEqual(names, ['requests_total', 'duration_seconds']);
});

test('if two releases disagree about a metric, the first one wins', () => {
  const newer = createMetrics();
  newer.gauge({ name: 'requests_total', help: 'Now a gauge.' }).labels().set(100);
  newer
    .histogram({ name: 'duration_seconds', help: 'Other buckets.', buckets: [7] })
    .labels()
    .observe(1);
  const merged = mergeSnapshots([counted(1, 0.05, 0, 0).snapshot(), newer.snapshot()]);
  const { body } = renderSnapshot(merged, undefined);
  assert.match(body, /requests_total\{method="GET"\} 1\n/);
  assert.match(body, /duration_seconds_count 1\n/);
});

test('of the exemplars of several processes, each bucket names the latest', () => {
  const accept = 'application/openmetrics-text';
  const process = (atMs: number, id: string, seconds: readonly number[]): Metrics => {
    const metrics = createMetrics(() => atMs);
    const series = metrics.histogram({ name: 'd', help: 'D.', buckets: [1] }).labels();
    for (const value of seconds) series.observe(value, { traceId: id, spanId: id, sampled: true });
    return metrics;
  };
  const snapshots = [process(2_000, 'a', [0.5]), process(1_000, 'b', [0.6, 5]), counted(1, 1, 1, 1)].map((metrics) =>
    metrics.snapshot(),
  );
  // What is sent from process to process becomes JSON.
  const { body } = renderSnapshot(mergeSnapshots(JSON.parse(JSON.stringify(snapshots)) as typeof snapshots), accept);
  assert.match(body, /d_bucket\{le="1.0"\} 2 # \{trace_id="a",span_id="a"\} 0.5 2.000\n/);
  assert.match(body, /d_bucket\{le="\+Inf"\} 3 # \{trace_id="b",span_id="b"\} 5 1.000\n/);
  assert.match(renderSnapshot(countedOnly(snapshots[0] ?? []), accept).body, /trace_id="a"/);
});
