import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findEureka, startEureka } from '@flotilla/conformance/registries';
import { temporaryFolder } from '../engine/programs.ts';
import { startOurs } from './our-registry.ts';
import { eurekaDifferences } from './replay/compare-eureka.ts';
import { publishedForEureka } from './replay/eureka-differences.ts';
import { eurekaSteps } from './replay/eureka-steps.ts';
import { sendSteps } from './replay/send-steps.ts';

test('our registry answers as a real Eureka server does, except for the published differences', {
  timeout: 180_000,
}, async (t) => {
  const eureka = findEureka();
  if (eureka.kind === 'missing') return t.skip(eureka.reason);
  await using real = await startEureka({ path: eureka.path });
  await using ours = await startOurs(temporaryFolder(t));
  const origin = new URL(real.url).origin;
  const answers = await Promise.all([sendSteps(origin, eurekaSteps), sendSteps(ours.url, eurekaSteps)]);
  const found = eurekaDifferences(...answers);
  const unpublished = found.filter((one) => publishedForEureka(one) === undefined);
  assert.deepEqual(
    unpublished.map(({ step, where, real: there, ours: here }) => `${step} | ${where}: ${there} <> ${here}`),
    [],
  );
  const published = new Set(found.map((one) => publishedForEureka(one)?.id ?? ''));
  const page = readFileSync(join(import.meta.dirname, '../../docs/registry-differences.md'), 'utf8');
  for (const id of published)
    assert.ok(page.includes(`| \`${id}\` |`), `docs/registry-differences.md has no row ${id}`);
  t.diagnostic(`${eurekaSteps.length} requests, ${found.length} differences, all of them published`);
});
