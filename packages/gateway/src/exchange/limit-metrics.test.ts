import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '@flotilla/contracts';
import { createMetrics, idleTracer } from '@flotilla/kit/telemetry';
import { defaultEngineLimits } from '../config/limits.ts';
import { identify } from '../headers/request-head.ts';
import { ExchangeRecord } from './exchange-record.ts';
import { LimitMetrics, showLimits } from './limit-metrics.ts';

function refused(code: 'OVERLOADED' | 'INTERNAL', outcome: ExchangeRecord['outcome']): ExchangeRecord {
  const record = new ExchangeRecord(undefined, identify(idleTracer(), undefined), 0);
  record.error = new AppError(code);
  record.outcome = outcome;
  return record;
}

test('a request that has met a limit is counted by that, others are not', () => {
  const metrics = createMetrics();
  const limits = new LimitMetrics(metrics);
  limits.record(refused('OVERLOADED', { kind: 'limited', limit: 'connectionsPerUpstream', most: 2 }));
  limits.record(refused('OVERLOADED', undefined));
  limits.record(refused('INTERNAL', { kind: 'refused' }));
  const lines = metrics
    .render()
    .body.split('\n')
    .filter((line) => line.startsWith('gateway_limits_reached_total{'));
  assert.deepEqual(lines.toSorted(), [
    'gateway_limits_reached_total{limit="connections_per_upstream"} 1',
    'gateway_limits_reached_total{limit="waiting"} 1',
  ]);
});

test('the limits of the configuration are shown', () => {
  const metrics = createMetrics();
  showLimits(metrics, { ...defaultEngineLimits, longLived: 77 });
  assert.match(metrics.render().body, /^gateway_limit\{limit="long_lived"\} 77$/m);
});
