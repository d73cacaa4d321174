import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricInfo } from '@flotilla/dashboard/wire';
import { metricQuery, panelsFor, showsOf } from './panels.ts';

function metric(name: string, changes: Partial<MetricInfo> = {}): MetricInfo {
  return { name, kind: 'gauge', unit: '', help: '', services: ['gateway', 'user-service'], attributes: [], ...changes };
}

const duration = metric('http.server.request.duration', {
  kind: 'histogram',
  unit: 's',
  attributes: ['http.route', 'error.type'],
});

test('charts are there for metrics of which something is kept', () => {
  const [red, resources] = panelsFor({ metrics: [duration, metric('gateway_upstreams')] }, '');
  assert.deepEqual(
    red?.panels.map(({ id }) => id),
    ['rate', 'errors', 'p50', 'p95'],
  );
  assert.deepEqual(
    resources?.panels.map(({ id }) => id),
    ['upstreams'],
  );
  assert.deepEqual(
    panelsFor({ metrics: [] }, '').flatMap(({ panels }) => panels),
    [],
  );
});

test('the answers of all services are drawn per service, those of one per route', () => {
  assert.deepEqual(panelsFor({ metrics: [duration] }, '')[0]?.panels[0]?.groupBy, ['service']);
  assert.deepEqual(panelsFor({ metrics: [duration] }, 'gateway')[0]?.panels[0]?.groupBy, ['http.route']);
});

test('a service gets no chart of a metric that it does not send', () => {
  const catalog = { metrics: [metric('gateway.upstreams', { services: ['gateway'] })] };
  assert.equal(panelsFor(catalog, 'user-service')[1]?.panels.length, 0);
  assert.equal(panelsFor(catalog, 'gateway')[1]?.panels.length, 1);
});

test('a metric is found by its names in OpenTelemetry and in Prometheus, and not by that of another', () => {
  const found = (name: string): readonly string[] =>
    panelsFor({ metrics: [metric(name)] }, '').flatMap(({ panels }) => panels.map(({ id }) => id));
  assert.deepEqual(found('http_server_request_duration_seconds'), found('http.server.request.duration'));
  assert.deepEqual(found('gateway_retries_total'), ['retries']);
  assert.deepEqual(found('gateway.retried'), []);
});

test('a metric is shown as what its kind allows', () => {
  assert.deepEqual(showsOf(metric('x')), ['value']);
  assert.equal(showsOf(metric('x', { kind: 'sum' }))[0], 'rate');
  assert.equal(showsOf(metric('process.memory.usage', { kind: 'sum', unit: 'By' }))[0], 'value');
  assert.ok(!showsOf(metric('x', { kind: 'histogram' })).includes('errors'));
  assert.ok(showsOf(duration).includes('errors'));
});

test('the engine is asked for each attribute by itself', () => {
  const query = metricQuery(
    { metric: 'x', show: 'p95', groupBy: ['service', 'http.route'] },
    'a',
    { fromMs: 1.5, toMs: 9 },
    100,
  );
  assert.equal(
    query.toString(),
    'name=x&show=p95&group_by=service&group_by=http.route&filter.service=a&from_ms=1&to_ms=9&points=100',
  );
});
