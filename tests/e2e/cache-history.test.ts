import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findRedis, startRedis } from '@flotilla/conformance/databases';
import { runHistory } from '../soak/cache/cache-history.ts';

const engine = findRedis();
const skip = engine.kind === 'missing' ? engine.reason : false;

/** A twentieth of those of a service, so that a few seconds have many outages. */
const times = {
  pollMs: 25,
  trustMs: 60,
  marginMs: 10,
  renewMs: 250,
  coverMs: 750,
  forgetMs: 1_500,
  retryMs: 50,
  replyMs: 50,
  endMs: 250,
};

/** On a busy machine, a Redis that is well may be slow. */
const patient = { ...times, pollMs: 200, trustMs: 10_000, replyMs: 10_000, endMs: 10_000 };

test('no read finds less than what was acknowledged before it, whatever happens to Redis', { skip }, async (t) => {
  assert.ok(engine.kind === 'found');
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-cache-history-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const redis = await startRedis({ path: engine.path });
  t.after(() => redis[Symbol.asyncDispose]());
  const seed = Number(process.env['CACHE_SEED'] ?? Date.now() % 1_000_000);
  const databaseUrl = `sqlite:${join(folder, 'history.db')}`;
  const report = await runHistory({ redis, databaseUrl, seed, durationMs: 6_000, times, onFault: () => undefined });
  const shown = `seed ${seed}: ${JSON.stringify(report)}`;
  t.diagnostic(shown);
  assert.deepEqual(report.findings, [], shown);
  assert.ok(report.writes > 0 && report.hits > 0, shown);
});

test('while nothing fails, reads of all instances agree on one order of the writes', { skip }, async (t) => {
  assert.ok(engine.kind === 'found');
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-cache-history-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const redis = await startRedis({ path: engine.path });
  t.after(() => redis[Symbol.asyncDispose]());
  const databaseUrl = `sqlite:${join(folder, 'history.db')}`;
  const report = await runHistory({ redis, databaseUrl, seed: 1, durationMs: 2_000, times: patient });
  t.diagnostic(JSON.stringify(report));
  assert.deepEqual(report.findings, []);
  assert.equal(report.backward, 0);
  assert.ok(report.hits > 0, JSON.stringify(report));
});
