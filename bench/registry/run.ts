/**
 * The registry beside Consul: `npm run bench:registry`. What it measures and how: bench/README.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { median, table } from '../fleet/measured-fleet.ts';
import { watchDisturbance } from '../gateway/measure/disturbance.ts';
import { describeMachine, machineText } from '../gateway/report/machine.ts';
import { Processes } from '../gateway/run/processes.ts';
import { operations } from './apis.ts';
import { type LoadResult, load, registerFleet } from './load.ts';
import { measureManyLeases } from './many-leases.ts';
import { type Subject, startSubjects } from './registries.ts';
import { measureRestart } from './restart.ts';
import { measureWake } from './wake.ts';

const parts = ['loads', 'wake', 'restart', 'leases'] as const;

const usage = `usage: npm run bench:registry -- [options]
  --rounds <n>       rounds; each measures every registry once (default 5)
  --seconds <s>      length of one measurement, in whole seconds (default 3)
  --connections <n>  connections of the load (default 64)
  --only <parts>     only these: ${parts.join(', ')}
  --cores <s,l>      the registries' core and that of the load (default 0,1)`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    only: { type: 'string', default: parts.join(',') },
    cores: { type: 'string', default: '0,1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else await measure();

async function measure(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flotilla-bench-registry-'));
  const disturbance = watchDisturbance();
  const processes = new Processes(folder);
  const [core = '0', loadCore = '1'] = values.cores.split(',');
  const wanted = values.only.split(',');
  const place = { processes, core, folder };
  const options = {
    ...{ processes, core: loadCore, folder },
    ...{ connections: Number(values.connections), seconds: Number(values.seconds) },
  };
  try {
    if (wanted.includes('loads') || wanted.includes('wake')) {
      const subjects = await startSubjects(place);
      if (subjects.length < 3) console.log('No consul on PATH: measured alone.\n');
      if (wanted.includes('loads')) await measureLoads(subjects, options);
      if (wanted.includes('wake')) await measureWakes(subjects);
      await processes.stopAll();
    }
    if (wanted.includes('restart')) console.log(`\n${await measureRestart(place)}`);
    if (wanted.includes('leases')) console.log(`\n${await measureManyLeases(place, options)}`);
    const { othersCores, stolenCores } = disturbance();
    console.log(
      `\n${machineText(describeMachine())}; others used ${othersCores.toFixed(2)} cores, ${stolenCores.toFixed(2)} stolen`,
    );
  } finally {
    await processes.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureLoads(subjects: readonly Subject[], options: Parameters<typeof load>[3]): Promise<void> {
  const results = new Map<string, LoadResult[]>();
  for (const subject of subjects) {
    await registerFleet(subject);
    for (const operation of operations) await load(subject, operation, 0, { ...options, seconds: 2 });
  }
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    const order = round % 2 === 0 ? subjects : subjects.toReversed();
    for (const operation of operations)
      for (const subject of order) {
        const key = `${operation} ${subject.name}`;
        results.set(key, [...(results.get(key) ?? []), await load(subject, operation, round, options)]);
      }
    process.stderr.write(`bench: round ${round} of ${values.rounds}\n`);
  }
  const of = (operation: string, name: string, what: keyof LoadResult): number =>
    median((results.get(`${operation} ${name}`) ?? []).map((result) => result[what]));
  const rows = operations.flatMap((operation) =>
    subjects.map(({ name }) => {
      const perCpuSecond = of(operation, name, 'perCpuSecond');
      const ratio = perCpuSecond / of(operation, 'Consul', 'perCpuSecond');
      return [
        ...[operation, name, of(operation, name, 'perSecond').toFixed(0), perCpuSecond.toFixed(0)],
        Number.isNaN(ratio) ? '' : ratio.toFixed(1),
      ];
    }),
  );
  console.log(`With ${options.connections} connections, medians of ${values.rounds} rounds\n`);
  console.log(table([['operation', 'registry', 'per second', 'per CPU second', 'times Consul'], ...rows]));
}

async function measureWakes(subjects: readonly Subject[]): Promise<void> {
  const rows: string[][] = [];
  for (const waiters of [1, 1_000])
    for (const subject of subjects) {
      const { lastMs, bytesPerWaiter } = await measureWake(subject, waiters, Number(values.rounds));
      const memory = waiters === 1 ? '' : (bytesPerWaiter / 1_024).toFixed(1);
      rows.push([String(waiters), subject.name, median(lastMs).toFixed(1), Math.max(...lastMs).toFixed(1), memory]);
    }
  console.log('\nFrom a registration to the last of those who wait for it\n');
  console.log(table([['waiting', 'registry', 'median ms', 'longest ms', 'KiB for each'], ...rows]));
}
