import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../engine/programs.ts';
import type { BuiltSuite } from './suite-build.ts';

export type Verdict = 'pass' | 'fail' | 'skip';

/** What became of the tests, by name, and all that was written. */
export interface SuiteResult {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly output: string;
}

/** How to run a {@link BuiltSuite}. */
export interface SuiteOptions {
  /** A folder for what the run needs. */
  readonly folder: string;
  /** The path of a real Consul; our registry by default. */
  readonly consul?: string;
  /** Only these tests; all by default. */
  readonly tests?: readonly string[];
  /** How many tests run at the same time. Default 4: each has a server of its own. */
  readonly parallel?: number;
}

/** Runs the tests against our registry or a real Consul. One that takes its process down is run again by itself. */
export async function runSuite(suite: BuiltSuite, o: SuiteOptions): Promise<SuiteResult> {
  const wanted = o.tests ?? (await namesOf(suite));
  const first = await runTests(suite, wanted, o);
  const missing = wanted.filter((name) => !first.verdicts.has(name));
  const verdicts = new Map(first.verdicts);
  let { output } = first;
  for (const name of missing) {
    const alone = await runTests(suite, [name], o);
    verdicts.set(name, alone.verdicts.get(name) ?? 'fail');
    output += alone.output;
  }
  return { verdicts, output };
}

/** The names of all tests of the suite. */
export async function namesOf({ program, folder }: BuiltSuite): Promise<readonly string[]> {
  const { stdout } = await run(program, ['-test.list', '.'], { cwd: folder });
  return stdout.split('\n').filter((line) => line.startsWith('Test'));
}

async function runTests(suite: BuiltSuite, tests: readonly string[], o: SuiteOptions): Promise<SuiteResult> {
  const args = ['-test.v', '-test.timeout', '4m', '-test.parallel', `${o.parallel ?? 4}`];
  const { stdout, stderr } = await run(suite.program, [...args, '-test.run', `^(${tests.join('|')})$`], {
    cwd: suite.folder,
    timeoutMs: 600_000,
    env: {
      NODE_COMPILE_CACHE: join(o.folder, 'compiled'),
      PATH: `${consulFolder(o.folder)}:${process.env['PATH'] ?? ''}`,
      // The harness sets what this version knows; what we are like is a recent one.
      ...(o.consul === undefined ? { SUITE_VERSION: '1.22.0' } : { SUITE_VERSION: '1.8.7', SUITE_CONSUL: o.consul }),
    },
  });
  const output = stdout + stderr;
  const ends = output.matchAll(/--- (PASS|FAIL|SKIP): (Test\w+) \(/g);
  // The pattern names the three.
  const verdicts = [...ends].map(([, verdict = '', name = '']) => [name, verdict.toLowerCase() as Verdict] as const);
  return { verdicts: new Map(verdicts), output };
}

/** A folder with a `consul` in it: `consul-shim.ts`, which knows no version, as that is asked before every start. */
function consulFolder(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo "{\\"Version\\":\\"$SUITE_VERSION\\"}"; exit 0; fi
exec '${process.execPath}' --disable-warning=ExperimentalWarning '${join(import.meta.dirname, 'consul-shim.ts')}' "$@"
`;
  writeFileSync(join(bin, 'consul'), script);
  chmodSync(join(bin, 'consul'), 0o755);
  return bin;
}
