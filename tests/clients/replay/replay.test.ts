import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findConsul } from '@flotilla/conformance/registries';
import { readText } from '../../docs/documents.ts';
import { temporaryFolder } from '../../engine/programs.ts';
import { startOurs } from '../our-registry.ts';
import { startRealConsul } from '../peer.ts';
import { differences } from './compare.ts';
import { consulSteps } from './consul-steps.ts';
import { publishedDifferences, publishedFor } from './differences.ts';
import { sendSteps } from './send-steps.ts';

test('our registry answers as a real Consul does, except for the published differences', {
  timeout: 300_000,
}, async (t) => {
  const consul = findConsul();
  if (consul.kind === 'missing') return t.skip(consul.reason);
  await using real = await startRealConsul(consul.path);
  await using ours = await startOurs(temporaryFolder(t));
  const answers = await Promise.all([sendSteps(real.url, consulSteps), sendSteps(ours.url, consulSteps)]);
  const found = differences(...answers);
  assert.deepEqual(
    found.filter((one) => publishedFor(one) === undefined),
    [],
  );
  const seen = new Set(found.map((one) => publishedFor(one)?.id));
  assert.deepEqual(
    publishedDifferences.map(({ id }) => id).filter((id) => !seen.has(id)),
    [],
    'published, but the answers are alike',
  );
  t.diagnostic(`${consulSteps.length} requests, ${found.length} differences, all of them published`);
});

for (const document of ['docs/registry-differences.md', 'docs/zh/registry-differences.md']) {
  test(`all differences that the comparison allows are in ${document}`, () => {
    const rows = new Set([...readText(document).matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id));
    assert.ok(rows.size > 0);
    assert.deepEqual(
      publishedDifferences.map(({ id }) => id).filter((id) => !rows.has(id)),
      [],
    );
  });
}
