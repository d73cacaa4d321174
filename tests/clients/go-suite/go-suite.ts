/**
 * Runs the official Go client's own tests and says which pass.
 * Usage: `npm run clients:go-suite -- [--real] [--suite api|watch] [--parallel N] [--out FILE] [Test…]`. `--real` runs
 * them against the Consul on PATH or in the cache, instead of our registry.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engineCache, findConsul } from '@flotilla/conformance/registries';
import { programOnPath } from '../../engine/programs.ts';
import { countedTests } from './counted.ts';
import { runSuite } from './run-suite.ts';
import { buildSuite, type Suite, suites } from './suite-build.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    real: { type: 'boolean', default: false },
    suite: { type: 'string', default: 'api' },
    parallel: { type: 'string', default: '4' },
    out: { type: 'string' },
  },
});
const suite = suites.find((name) => name === values.suite);
const go = programOnPath('go');
const consul = values.real ? findConsul() : undefined;
if (suite === undefined) quit(`--suite is one of: ${suites.join(', ')}`);
else if (go === undefined) quit('Go is not installed');
else if (consul?.kind === 'missing') quit(`${consul.reason}: bash tests/clients/install.sh consul`);
else await show(go, suite, consul?.path);

async function show(goPath: string, name: Suite, real: string | undefined): Promise<void> {
  const folder = join(engineCache, 'go-suite', real === undefined ? 'ours' : 'real');
  const built = await buildSuite(goPath, name, folder, { forOurs: real === undefined });
  const tests = positionals.length > 0 ? positionals : await countedTests(built);
  const { verdicts, output } = await runSuite(built, {
    folder,
    tests,
    parallel: Number(values.parallel),
    ...(real === undefined ? {} : { consul: real }),
  });
  for (const [test, verdict] of [...verdicts].toSorted(([a], [b]) => a.localeCompare(b)))
    console.log(`${verdict} ${test}`);
  const passed = [...verdicts.values()].filter((verdict) => verdict === 'pass').length;
  console.log(`${passed} of ${tests.length} pass against ${real ?? 'our registry'}`);
  const file = values.out ?? join(folder, `${name}.log`);
  writeFileSync(file, output);
  console.log(`What they wrote: ${file}`);
}

function quit(why: string): void {
  console.error(why);
  process.exitCode = 1;
}
