/**
 * What the chassis costs: `npm run bench:chassis`. What it measures and how: bench/README.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { median, table } from '../fleet/measured-fleet.ts';
import { watchDisturbance } from '../gateway/measure/disturbance.ts';
import { describeMachine, machineText } from '../gateway/report/machine.ts';
import { Processes } from '../gateway/run/processes.ts';
import { measureInTurns } from '../measure-in-turns.ts';
import { logLevels, type Server, startRegistry, startService, startSmallest } from './servers.ts';

const usage = `usage: npm run bench:chassis -- [options]
  --rounds <n>    rounds; each measures every server once (default 15)
  --seconds <s>   length of one measurement (default 1)
  --levels <l>    only these log levels: ${logLevels.join(', ')}
  --cores <s,l>   the servers' core and that of the load (default 0,1)`;

/** What the chassis may cost: CPU time of the service's request as a multiple of the smallest server's. */
const targetRatio = 1.25;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '1' },
    levels: { type: 'string', default: logLevels.join(',') },
    cores: { type: 'string', default: '0,1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else await measure();

async function measure(): Promise<void> {
  const machine = describeMachine();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flotilla-bench-chassis-'));
  const disturbance = watchDisturbance();
  const processes = new Processes(folder);
  const [core = '0', loadCore = '1'] = values.cores.split(',');
  const wanted = values.levels.split(',');
  const place = { processes, core, folder };
  try {
    const registryUrl = await startRegistry(place);
    const servers: Server[] = [];
    // One after the other: the service makes the database that all read.
    for (const level of logLevels.filter((each) => wanted.includes(each)))
      servers.push(
        await startService(place, level, registryUrl),
        await startSmallest(place, level, 'smallest'),
        await startSmallest(place, level, 'smallest, tuned'),
      );
    const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
    const cpuUs = await measureInTurns(servers, { processes, loadCore, folder, rounds, seconds });
    await processes.stopAll();
    report(cpuUs);
    const { othersCores, stolenCores } = disturbance();
    console.log(
      `\n${machineText(machine)}; others used ${othersCores.toFixed(2)} cores, ${stolenCores.toFixed(2)} stolen`,
    );
  } finally {
    await processes.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(cpuUs: ReadonlyMap<Server, readonly number[]>): void {
  const rows = logLevels.flatMap((level) => {
    const of = (kind: Server['kind']): readonly number[] =>
      [...cpuUs].find(([server]) => server.level === level && server.kind === kind)?.[1] ?? [];
    const [service, smallest, tuned] = [of('user-service'), of('smallest'), of('smallest, tuned')];
    if (service.length === 0) return [];
    const shown = (each: readonly number[]): string => `${median(each).toFixed(1)} (${Math.min(...each).toFixed(1)})`;
    const [ratio, ratioToTuned] = [smallest, tuned].map((each) => median(service) / median(each)) as [number, number];
    const verdict = ratio <= targetRatio ? 'ok' : 'above';
    return [[level, shown(smallest), shown(service), ratio.toFixed(2), verdict, shown(tuned), ratioToTuned.toFixed(2)]];
  });
  console.log('CPU time of one GET /users/1 in microseconds: median (lowest)\n');
  const columns = ['log level', 'smallest Fastify', 'user-service', 'ratio', `target ${targetRatio}`, 'tuned', 'ratio'];
  console.log(table([columns, ...rows]));
}
