/**
 * What services cost on each database, beside the smallest servers: `npm run bench:services`. What it measures and how:
 * bench/README.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { median, table } from '../fleet/measured-fleet.ts';
import { watchDisturbance } from '../gateway/measure/disturbance.ts';
import { cpuBetween, cpuTime } from '../gateway/measure/process-figures.ts';
import { describeMachine, machineText } from '../gateway/report/machine.ts';
import { Processes } from '../gateway/run/processes.ts';
import { type BenchDatabase, benchDatabases, openBenchDatabase } from './databases.ts';
import { type Call, calls, type Load, runLoad } from './loads.ts';
import { type Subject, startSubjects } from './subjects.ts';

const usage = `usage: npm run bench:services -- [options]
  --rounds <n>      rounds; each measures every server once (default 9)
  --seconds <s>     length of one measurement (default 2)
  --databases <l>   only these: ${benchDatabases.join(', ')}
  --calls <l>       only these: ${calls.join(', ')}
  --connections <n> callers at a time (default 16)
  --cores <s,l>     the servers' core and that of load and database (default 0,1)`;

/** What the chassis may cost: CPU time of a request of the service as a multiple of the smallest server's. */
const targetRatio = 1.25;
/** By requests and not by time: on a busy machine the compiler would otherwise still be at work in the first rounds. */
const warmUpRequests = 20_000;
/** Writes wait for the disk, and the compiler has had its time long before. */
const warmUpLimitMs = 15_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '2' },
    databases: { type: 'string', default: benchDatabases.join(',') },
    calls: { type: 'string', default: calls.join(',') },
    connections: { type: 'string', default: '16' },
    cores: { type: 'string', default: '0,1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else await measure();

/** What a server needed for one call. */
interface Cost {
  readonly cpuUs: number;
  readonly perSecond: number;
}

/** A call and the two that can answer it: the service and its smallest counterpart. */
interface Pair {
  readonly database: BenchDatabase;
  readonly call: Call;
  readonly service: Subject;
  readonly bare: Subject;
}

async function measure(): Promise<void> {
  const machine = describeMachine();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flotilla-bench-services-'));
  const disturbance = watchDisturbance();
  const processes = new Processes(folder);
  const [core = '0', loadCore = '1'] = values.cores.split(',');
  const rows: string[][] = [];
  try {
    for (const database of benchDatabases.filter((each) => values.databases.split(',').includes(each))) {
      const opened = await openBenchDatabase(database, folder);
      try {
        const subjects = await startSubjects({ processes, core, folder, urls: opened.urls });
        const wanted = calls.filter((each) => values.calls.split(',').includes(each));
        const pairs = wanted.map((call) => ({ database, call, ...subjects[call] }));
        rows.push(...(await measurePairs(pairs)));
        await processes.stopAll();
      } finally {
        await opened.stop();
      }
    }
  } finally {
    await processes.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log('CPU time of one call in microseconds, median (lowest), and calls per second, median\n');
  const columns = [
    'database',
    'call',
    'smallest',
    'service',
    'ratio',
    `target ${targetRatio}`,
    'smallest/s',
    'service/s',
  ];
  console.log(table([columns, ...rows]));
  const { othersCores, stolenCores } = disturbance();
  console.log(
    `\n${machineText(machine)}; others used ${othersCores.toFixed(2)} cores, ${stolenCores.toFixed(2)} stolen`,
  );

  async function measurePairs(pairs: readonly Pair[]): Promise<string[][]> {
    const costs = new Map<Pair, { readonly service: Cost[]; readonly bare: Cost[] }>();
    for (const pair of pairs) {
      costs.set(pair, { service: [], bare: [] });
      for (const subject of [pair.service, pair.bare]) {
        const untilMs = performance.now() + warmUpLimitMs;
        for (let done = 0; done < warmUpRequests && performance.now() < untilMs; )
          done += (await load(subject, pair.call, 2)).requests;
      }
    }
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const pair of round % 2 === 0 ? pairs : pairs.toReversed()) {
        // Right after each other, and taking turns in being the first.
        const sides = ['service', 'bare'] as const;
        for (const side of round % 2 === 0 ? sides : sides.toReversed())
          costs.get(pair)?.[side].push(await load(pair[side], pair.call, Number(values.seconds)));
      }
      process.stderr.write(`bench: ${pairs[0]?.database ?? ''}, round ${round + 1} of ${values.rounds}\n`);
    }
    return [...costs].map(([{ database, call }, { service, bare }]) => rowOf(database, call, service, bare));
  }

  /** Every connection busy for so long. */
  async function load(subject: Subject, call: Call, seconds: number): Promise<Cost & Load> {
    const before = cpuTime(subject.process.pid);
    const connections = Number(values.connections);
    const options = { processes, core: loadCore, folder, call, port: subject.port, seconds, connections };
    const done = await runLoad(options).catch((cause: unknown) => {
      throw new Error(`The load failed. The server's last lines:\n${subject.process.output().slice(-2_000)}`, {
        cause,
      });
    });
    const { totalNs } = cpuBetween(before, cpuTime(subject.process.pid));
    return { ...done, cpuUs: totalNs / 1_000 / done.requests, perSecond: done.requests / done.seconds };
  }
}

function rowOf(database: BenchDatabase, call: Call, service: readonly Cost[], bare: readonly Cost[]): string[] {
  const cpu = (each: readonly Cost[]): number => median(each.map(({ cpuUs }) => cpuUs));
  const rate = (each: readonly Cost[]): string => median(each.map(({ perSecond }) => perSecond)).toFixed(0);
  const shown = (each: readonly Cost[]): string =>
    `${cpu(each).toFixed(1)} (${Math.min(...each.map(({ cpuUs }) => cpuUs)).toFixed(1)})`;
  const ratio = cpu(service) / cpu(bare);
  const verdict = ratio <= targetRatio ? 'ok' : 'above';
  return [database, call, shown(bare), shown(service), ratio.toFixed(2), verdict, rate(bare), rate(service)];
}
