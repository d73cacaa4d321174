import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { silentLogger } from '@flotilla/kit/logger';
import { FakeClock, fakeClockStartMs } from '@flotilla/testing';
import type { MetricRecord, PointRecord } from '../store/index.ts';
import { openTelemetry } from './open-telemetry.ts';
import type { Telemetry } from './telemetry.ts';

const startUs = fakeClockStartMs * 1_000;
const counter: MetricRecord = { name: 'orders', kind: 'sum', unit: '{order}', help: 'Orders', monotonic: true };
const gauge: MetricRecord = { name: 'delay', kind: 'gauge', unit: 's', help: '', monotonic: false };
const histogram: MetricRecord = { name: 'duration', kind: 'histogram', unit: 's', help: '', monotonic: true };

/** A measurement `seconds` after the beginning. */
function point(
  metric: MetricRecord,
  seconds: number,
  value: PointRecord['value'],
  changes: Partial<PointRecord> = {},
): PointRecord {
  return {
    metric,
    attributes: {},
    startUs,
    atUs: startUs + seconds * 1e6,
    temporality: 'cumulative',
    value,
    ...changes,
  };
}

interface Kept {
  readonly telemetry: Telemetry;
  readonly clock: FakeClock;
  add(points: readonly PointRecord[], instance?: string): Promise<void>;
  values(
    name: string,
    show: 'value' | 'rate' | 'errors' | 'p50' | 'p95' | 'mean',
    seconds: number,
    slices: number,
  ): Promise<readonly (number | null)[]>;
}

async function kept(context: TestContext): Promise<Kept> {
  const clock = new FakeClock();
  const telemetry = await openTelemetry({ file: ':memory:', clock, logger: silentLogger() });
  context.after(() => telemetry.close());
  clock.advance(500_000);
  return {
    telemetry,
    clock,
    async add(points, instance = 'shop-1') {
      const resource = { service: 'shop', instanceId: instance, attributes: { 'service.instance.id': instance } };
      assert.equal((await telemetry.add([{ resource, points }])).reason, undefined);
    },
    async values(name, show, seconds, slices) {
      const range = { fromMs: fakeClockStartMs, toMs: fakeClockStartMs + seconds * 1_000 };
      const { series } = await telemetry.queries.metric({ name, show, ...range, points: slices });
      assert.ok(series.length <= 1, JSON.stringify(series));
      return series[0]?.values ?? [];
    },
  };
}

test('the rate of a counter is per second, and counts what came before the first measurement of a program that had just begun', async (context) => {
  const { add, values } = await kept(context);
  await add([point(counter, 10, 20), point(counter, 20, 40), point(counter, 30, 100)]);
  assert.deepEqual(await values('orders', 'rate', 40, 4), [2, 2, 6, null]);
});

test('a restart of a program makes no negative rate, and loses nothing', async (context) => {
  const { add, values } = await kept(context);
  const again = { startUs: startUs + 12e6 };
  await add([point(counter, 10, 1_000), point(counter, 20, 16, again), point(counter, 30, 26, again)]);
  assert.deepEqual(await values('orders', 'rate', 30, 3), [100, 1.6, 1]);
});

test('a counter that falls without a word about its start counts from zero', async (context) => {
  const { add, values } = await kept(context);
  const unknown = { startUs: 0 };
  await add([point(counter, 10, 500, unknown), point(counter, 20, 600, unknown), point(counter, 30, 30, unknown)]);
  assert.deepEqual(await values('orders', 'rate', 30, 3), [null, 10, 3]);
});

test('a slice that is not over yet shows the rate so far, not a dip', async (context) => {
  const { add, values } = await kept(context);
  await add([point(counter, 10, 10), point(counter, 12, 12)]);
  assert.deepEqual(await values('orders', 'rate', 20, 2), [1, 1]);
});

test('increases add up to the same rates as totals, also when they are sent twice', async (context) => {
  const { add, values } = await kept(context);
  const delta = { temporality: 'delta' } as const;
  const points = [
    point(counter, 10, 20, delta),
    point(counter, 20, 20, { ...delta, startUs: startUs + 10e6 }),
    point(counter, 30, 60, { ...delta, startUs: startUs + 20e6 }),
  ];
  await add(points);
  await add(points);
  assert.deepEqual(await values('orders', 'rate', 40, 4), [2, 2, 6, null]);
});

test('percentiles come from the buckets of all instances together', async (context) => {
  const { add, values } = await kept(context);
  const bounds = [1, 2, 4];
  const of = (counts: readonly number[]): PointRecord['value'] => ({
    count: counts.reduce((sum, count) => sum + count, 0),
    sum: 10,
    bounds,
    counts,
  });
  await add([point(histogram, 10, of([50, 0, 0, 0]))]);
  await add([point(histogram, 10, of([40, 10, 0, 0]))], 'shop-2');
  assert.deepEqual(await values('duration', 'p95', 10, 1), [1.5]);
  assert.deepEqual(await values('duration', 'rate', 10, 1), [10]);
  assert.deepEqual(await values('duration', 'mean', 10, 1), [0.2]);
  await add([point(histogram, 20, of([50, 0, 0, 50]))]);
  assert.deepEqual(await values('duration', 'p95', 20, 2), [1.5, 4]);
});

test('histograms whose bounds differ are put together', async (context) => {
  const { add, values } = await kept(context);
  await add([point(histogram, 10, { count: 10, sum: 1, bounds: [1], counts: [10, 0] })]);
  await add([point(histogram, 10, { count: 10, sum: 1, bounds: [0.5, 1, 2], counts: [0, 0, 10, 0] })], 'shop-2');
  assert.deepEqual(await values('duration', 'p50', 10, 1), [1]);
});

test('a gauge holds its value until the next, but not forever', async (context) => {
  const { add, values } = await kept(context);
  await add([point(gauge, 5, 3), point(gauge, 35, 5)]);
  const all = await values('delay', 'value', 200, 20);
  assert.deepEqual(all.slice(0, 5), [3, 3, 3, 5, 5]);
  assert.equal(all.at(-1), null);
});

test('the share of errors is of what has an error, and a 404 is none', async (context) => {
  const { add, values } = await kept(context);
  const of = (count: number): PointRecord['value'] => ({ count, sum: 1, bounds: [], counts: [] });
  await add([
    point(histogram, 10, of(6), { attributes: { 'http.response.status_code': '200' } }),
    point(histogram, 10, of(2), { attributes: { 'http.response.status_code': '404', 'error.type': '404' } }),
    point(histogram, 10, of(1), { attributes: { 'http.response.status_code': '503', 'error.type': 'X' } }),
    point(histogram, 10, of(1), { attributes: { 'error.type': 'timeout' } }),
  ]);
  assert.deepEqual(await values('duration', 'errors', 10, 1), [0.2]);
});

test('lines are told apart and chosen by attributes, service and instance', async (context) => {
  const { add, telemetry } = await kept(context);
  await add([
    point(counter, 10, 10, { attributes: { kind: 'book' } }),
    point(counter, 10, 20, { attributes: { kind: 'pen' } }),
  ]);
  await add([point(counter, 10, 30, { attributes: { kind: 'pen' } })], 'shop-2');
  const range = {
    name: 'orders',
    show: 'rate',
    fromMs: fakeClockStartMs,
    toMs: fakeClockStartMs + 10_000,
    points: 1,
  } as const;
  const byKind = await telemetry.queries.metric({ ...range, groupBy: ['kind'] });
  assert.deepEqual(byKind.series, [
    { attributes: { kind: 'pen' }, values: [5] },
    { attributes: { kind: 'book' }, values: [1] },
  ]);
  const chosen = await telemetry.queries.metric({
    ...range,
    groupBy: ['service', 'instance'],
    where: { kind: 'pen', instance: 'shop-2' },
  });
  assert.deepEqual(chosen.series, [{ attributes: { service: 'shop', instance: 'shop-2' }, values: [3] }]);
  assert.deepEqual((await telemetry.queries.metrics()).metrics, [
    { name: 'orders', kind: 'sum', unit: '{order}', help: 'Orders', services: ['shop'], attributes: ['kind'] },
  ]);
  assert.deepEqual((await telemetry.queries.metric({ ...range, name: 'nothing' })).series, []);
});

test('what is older than half an hour is kept once a minute, with the same rates', async (context) => {
  const { add, values, clock } = await kept(context);
  for (let seconds = 5; seconds <= 480; seconds += 5) await add([point(counter, seconds, seconds * 2)]);
  const before = await values('orders', 'rate', 420, 7);
  // A line for each minute of arrival: they came within one.
  clock.advance(3_600_000);
  clock.advance(60_000);
  assert.deepEqual(await values('orders', 'rate', 420, 7), before);
  assert.deepEqual(before, [2, 2, 2, 2, 2, 2, 2]);
});

test('more series than a machine can keep are rejected with a reason, and others go on', async (context) => {
  const { telemetry, add, values } = await kept(context);
  const resource = { service: 'wild', attributes: {} };
  await add([point(counter, 10, 10)]);
  const points = Array.from({ length: 20_500 }, (_, index) =>
    point(gauge, 10, 1, { attributes: { id: String(index) } }),
  );
  const { rejected, reason } = await telemetry.add([{ resource, points }]);
  assert.equal(rejected.points, 501);
  assert.match(
    reason ?? '',
    /^Too many series of metrics\. The last was delay of wild: give it attributes with few values$/,
  );
  await add([point(counter, 20, 30)]);
  assert.deepEqual(await values('orders', 'rate', 20, 2), [1, 2]);
});

test('an attribute that is called service does not hide who measured', async (context) => {
  const { add, telemetry } = await kept(context);
  await add([point(gauge, 5, 3, { attributes: { service: 'upstream' } })]);
  const range = {
    name: 'delay',
    show: 'value',
    fromMs: fakeClockStartMs,
    toMs: fakeClockStartMs + 10_000,
    points: 1,
  } as const;
  const { series } = await telemetry.queries.metric({ ...range, groupBy: ['service', 'exported_service'] });
  assert.deepEqual(series, [{ attributes: { service: 'shop', exported_service: 'upstream' }, values: [3] }]);
  assert.deepEqual((await telemetry.queries.metrics()).metrics[0]?.attributes, ['exported_service']);
});
