/**
 * Sends the list of requests to a real Consul and to our registry and prints where the answers differ, one place a line.
 * Usage: `npm run clients:replay -- [--all] [--only TEXT]`. With `--all` also what is published in `differences.ts`; with
 * `--only` those of steps with this text in title or path.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findConsul } from '@flotilla/conformance/registries';
import { startOurs } from '../our-registry.ts';
import { startRealConsul } from '../peer.ts';
import { differences } from './compare.ts';
import { consulSteps } from './consul-steps.ts';
import { publishedFor } from './differences.ts';
import { sendSteps } from './send-steps.ts';

const { values } = parseArgs({
  options: { all: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
});
const consul = findConsul();
if (consul.kind === 'missing') {
  console.error(`${consul.reason}: bash tests/clients/install.sh consul`);
  process.exitCode = 1;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-replay-'));
  try {
    await replay(consul.path, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function replay(path: string, folder: string): Promise<void> {
  await using real = await startRealConsul(path);
  await using ours = await startOurs(folder);
  const found = differences(
    ...(await Promise.all([sendSteps(real.url, consulSteps), sendSteps(ours.url, consulSteps)])),
  );
  const about = consulSteps
    .filter(({ title, target }) => `${title} ${target}`.includes(values.only))
    .map(({ title }) => title);
  const shown = found.filter((one) => about.includes(one.step) && (values.all || publishedFor(one) === undefined));
  for (const one of shown) {
    console.log(`${one.step} | ${one.where}\n    real: ${one.real}\n    ours: ${one.ours}`);
  }
  console.log(`${consulSteps.length} requests, ${found.length} differences, ${shown.length} of them shown`);
}
