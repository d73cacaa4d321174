/**
 * How long `npm start` takes until the whole fleet is ready, and how much memory each of its processes then has.
 * Usage: `npm run bench:start -- [rounds]` (default 5). The first start is told apart: on a fresh clone it is the first of
 * all, with a compile cache that the bootstrap alone has filled.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type FleetProcess, median, startMeasuredFleet, table } from './fleet/measured-fleet.ts';
import { describeMachine, machineText } from './gateway/report/machine.ts';

const targetReadyMs = 2_500;
const targetResidentMiB = 110;
/** Memory is read when the start's garbage has had time to go. */
const settleMs = 2_000;

interface Start {
  readonly readyMs: number;
  readonly processes: readonly FleetProcess[];
}

const machine = describeMachine();
const rounds = Number(process.argv[2] ?? 5);
const first = await measure();
const later: Start[] = [];
while (later.length < rounds) later.push(await measure());

const seconds = (durationMs: number): string => `${(durationMs / 1000).toFixed(2)} s`;
const readyMs = later.map((start) => start.readyMs);
console.log(`${machineText(machine)}

npm start until all is ready (target ${seconds(targetReadyMs)})

- first start: ${seconds(first.readyMs)}
- ${rounds} more: median ${seconds(median(readyMs))}, best ${seconds(Math.min(...readyMs))}, worst ${seconds(Math.max(...readyMs))}
`);
console.log(
  table([
    ['resident memory, MiB', 'first start', `${rounds} more: median`, 'worst', `target ${targetResidentMiB}`],
    ...first.processes.map((process, place) => {
      // The processes of a start come in the order of their ids, and so in the same order each time.
      const values = later.map((start) => start.processes[place]?.residentMiB ?? Number.NaN);
      const worst = Math.max(...values);
      const figures = [process.residentMiB, median(values), worst].map((value) => value.toFixed(0));
      return [process.name, ...figures, Math.max(process.residentMiB, worst) <= targetResidentMiB ? 'ok' : 'above'];
    }),
  ]),
);

async function measure(): Promise<Start> {
  const fleet = await startMeasuredFleet();
  try {
    await sleep(settleMs);
    return { readyMs: fleet.readyMs, processes: fleet.processes() };
  } finally {
    await fleet.stop();
  }
}
