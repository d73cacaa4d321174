import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricResult } from '@flotilla/dashboard/wire';
import { chartData, figureKind, hasFigures, namedSeries, seriesFigures } from './chart-series.ts';

const result: MetricResult = {
  name: 'http.server.request.duration',
  unit: 's',
  show: 'p95',
  timesMs: [1000, 2000, 3000],
  series: [
    { attributes: { service: 'user-service' }, values: [null, 0.2, 0.4] },
    { attributes: { service: 'gateway' }, values: [0.1, null] },
  ],
  leftOut: 0,
};

test('a chart gets seconds, and as many values as there are times', () => {
  assert.deepEqual(chartData(result), [
    [1, 2, 3],
    [0.1, null, null],
    [null, 0.2, 0.4],
  ]);
});

test('lines are in the order of their names, whatever order they come in', () => {
  const turned = { ...result, series: result.series.toReversed() };
  assert.deepEqual(chartData(turned), chartData(result));
});

/** What the legend calls series with these attributes. */
function names(...attributes: readonly Readonly<Record<string, string>>[]): readonly string[] {
  return namedSeries({ ...result, series: attributes.map((each) => ({ attributes: each, values: [] })) }).map(
    ({ name }) => name,
  );
}

test('a name in a legend says nothing twice', () => {
  assert.deepEqual(
    names(
      { service: 'gateway', instance: 'gateway' },
      { service: 'user-service', instance: 'user-service' },
      { service: 'user-service', instance: 'user-service-2' },
      { service: 'user-service', state: 'used' },
    ),
    ['gateway', 'user-service', 'user-service · used', 'user-service-2'],
  );
});

test('lines with the same values under other names keep them apart', () => {
  assert.deepEqual(names({ service: 'a', peer: 'b' }, { service: 'b', peer: 'a' }, { service: 'a', peer: '' }), [
    'a',
    'a · b',
    'b · a',
  ]);
  assert.deepEqual(names({ state: 'idle', reason: '' }, { state: '', reason: 'idle' }, { state: 'c', reason: '' }), [
    'c',
    'state=idle · reason=–',
    'state=– · reason=idle',
  ]);
});

test('the table has the figures of each series, and none where nothing is known', () => {
  const [gateway, users] = seriesFigures(result);
  assert.deepEqual(gateway, { name: 'gateway', last: 0.1, least: 0.1, most: 0.1, mean: 0.1 });
  assert.equal(users?.last, 0.4);
  assert.ok(Math.abs((users?.mean ?? 0) - 0.3) < 1e-9);
  const unknown = seriesFigures({ ...result, series: [{ attributes: {}, values: [null] }] })[0];
  assert.deepEqual(unknown, { name: '', last: undefined, least: undefined, most: undefined, mean: undefined });
});

test('a result without a single figure is empty', () => {
  assert.equal(hasFigures(result), true);
  assert.equal(hasFigures({ ...result, series: [{ attributes: {}, values: [null, null, null] }] }), false);
});

test('figures are written by their unit and by what is shown', () => {
  assert.equal(figureKind({ show: 'p95', unit: 's' }, 'histogram'), 'duration');
  assert.equal(figureKind({ show: 'rate', unit: 's' }, 'histogram'), 'rate');
  assert.equal(figureKind({ show: 'rate', unit: 's' }, 'sum'), 'share');
  assert.equal(figureKind({ show: 'rate', unit: '{request}' }, 'sum'), 'rate');
  assert.equal(figureKind({ show: 'errors', unit: 's' }, 'histogram'), 'share');
  assert.equal(figureKind({ show: 'value', unit: 'By' }, 'gauge'), 'bytes');
  assert.equal(figureKind({ show: 'value', unit: '1' }, 'gauge'), 'share');
  assert.equal(figureKind({ show: 'value', unit: '' }, 'gauge'), 'number');
});
