import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaksOf, runSoak } from './run-soak.ts';

const seed = 20_260_101;

test(`twenty seconds of faults on both sides leave nothing behind (seed ${seed})`, {
  timeout: 120_000,
}, async () => {
  const report = await runSoak({ durationMs: 20_000, roundMs: 4_000, seed, clients: 24 });
  assert.deepEqual(leaksOf(report), []);
  // It has to have met what it is about.
  const { byStatus, cut, left } = report.counts;
  for (const status of [101, 200, 400, 404, 413, 502, 504]) {
    assert.ok((byStatus[status] ?? 0) > 0, `no client saw a ${status}: ${JSON.stringify(byStatus)}`);
  }
  assert.ok(cut > 0 && left > 0);
});
