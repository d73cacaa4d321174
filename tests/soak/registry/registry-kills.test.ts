import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { killAgainAndAgain } from './kill-again-and-again.ts';

const seed = 20_260_201;

test(`a registry that is killed eight times while it is written to loses nothing that it acknowledged (seed ${seed})`, {
  timeout: 180_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-kills-'));
  const report = await killAgainAndAgain({ kills: 8, seed, folder });
  assert.deepEqual(report.findings, []);
  // It has to have met what it is about.
  assert.ok(report.acknowledged > 8, `${report.acknowledged} writes were acknowledged`);
});
