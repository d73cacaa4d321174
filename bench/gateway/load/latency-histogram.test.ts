import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LatencyHistogram } from './latency-histogram.ts';

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

test('percentiles of a hundred known values are those values', () => {
  const histogram = histogramOf(Array.from({ length: 100 }, (_, index) => index + 1));
  assert.equal(histogram.percentile(0.5), 50);
  assert.equal(histogram.percentile(0.99), 99);
  assert.equal(histogram.percentile(0.999), 100);
  assert.equal(histogram.percentile(1), 100);
});

test('a slow answer affects the 99.9th percentile only if it is more than one in a thousand', () => {
  const values = Array.from({ length: 1000 }, () => 10);
  assert.equal(histogramOf([...values.slice(1), 50_000]).percentile(0.999), 10);
  assert.ok(histogramOf([...values.slice(2), 50_000, 50_000]).percentile(0.999) >= 50_000);
});

test('a percentile is never below the true one, and at most a 64th above it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, share) => {
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(Math.ceil(share * sorted.length), 1) - 1] ?? 0;
        const told = histogramOf(values).percentile(share);
        assert.ok(told >= exact && told <= exact * (1 + 1 / 64) + 1, `${told} for ${exact}`);
      },
    ),
  );
});

test('without values there is no percentile, and invalid values are ignored', () => {
  assert.equal(new LatencyHistogram().percentile(0.99), 0);
  assert.equal(histogramOf([-5, 0.7]).percentile(1), 0);
  assert.ok(histogramOf([1e15]).percentile(1) >= 2 ** 31 - 1);
});
