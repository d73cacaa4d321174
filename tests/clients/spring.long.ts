import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { engineCache } from '@flotilla/conformance/registries';
import { missing, programFor, programOnPath } from '../engine/programs.ts';
import { testWithEachConsul } from './each-consul.ts';
import { type EurekaPeer, testWithEachEureka } from './each-eureka.ts';
import { runClient } from './run-client.ts';

const sources = ['pom.xml', 'src/main/java/flotilla/SpringClientProgram.java'];

/** By what it is built from: another program is built into another folder. */
const built = join(
  engineCache,
  'spring-clients',
  hash(sources.map((file) => join(import.meta.dirname, 'spring', file))),
);

testWithEachEureka("Spring Cloud's Eureka client registers, finds and outlives a restart with", (t, start) =>
  runSpring(t, 'eureka', start),
);

testWithEachConsul("Spring Cloud's Consul client registers, finds and outlives a restart with", (t, start) =>
  runSpring(t, 'consul', start),
);

async function runSpring(t: TestContext, kind: string, start: () => Promise<EurekaPeer>): Promise<void> {
  const java = programFor(t, 'java');
  if (java === undefined || !canRun(t)) return;
  await using peer = await start();
  const classes = [join(built, 'classes'), join(built, 'lib', '*')].join(delimiter);
  const args = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-cp', classes, 'flotilla.SpringClientProgram', kind];
  const lines = await runClient(java, [...args, `${peer.port}`], peer, { timeoutMs: 170_000 });
  t.diagnostic(lines.join('; '));
}

/** Builds the program with Maven unless it is there: half a minute, and 60 MB. */
function canRun(t: TestContext): boolean {
  if (existsSync(built)) return true;
  const maven = programOnPath('mvn');
  if (maven === undefined) missing(t, 'mvn is not installed', 'mvn');
  else {
    const into = `${built}.${process.pid}`;
    const goals = ['compile', 'dependency:copy-dependencies', `-DoutputDirectory=${into}/lib`];
    try {
      const args = ['-q', '-B', '-f', join(import.meta.dirname, 'spring'), `-Dinto=${into}`, ...goals];
      execFileSync(maven, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 600_000 });
      renameSync(into, built);
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
  }
  return existsSync(built);
}

function hash(files: readonly string[]): string {
  const sum = createHash('sha256');
  for (const file of files) sum.update(readFileSync(file));
  return sum.digest('hex').slice(0, 12);
}
