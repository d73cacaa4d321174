/**
 * How long `npm start` takes until the whole fleet is ready, and how much memory each process then has.
 * Usage: `node bench/fleet-start.ts [rounds]` (default 5). The first start warms the compile cache and is not counted.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { median, startMeasuredFleet, table } from './fleet/measured-fleet.ts';

const targetReadyMs = 2_500;
const targetResidentMiB = 110;
/** Memory is read when the start's garbage has had time to go. */
const settleMs = 2_000;

const rounds = Number(process.argv[2] ?? 5);
const readyMs: number[] = [];
const residentMiB = new Map<string, number[]>();
for (let round = 0; round <= rounds; round += 1) {
  const fleet = await startMeasuredFleet();
  await sleep(settleMs);
  if (round > 0) {
    readyMs.push(fleet.readyMs);
    for (const each of fleet.processes()) {
      residentMiB.set(each.program, [...(residentMiB.get(each.program) ?? []), each.residentMiB]);
    }
  }
  await fleet.stop();
}

const seconds = (durationMs: number): string => `${(durationMs / 1000).toFixed(2)} s`;
console.log(
  `npm start until all is ready, ${rounds} rounds: median ${seconds(median(readyMs))}, ` +
    `best ${seconds(Math.min(...readyMs))}, worst ${seconds(Math.max(...readyMs))} (target ${seconds(targetReadyMs)})\n`,
);
console.log(
  table([
    ['process', 'median MiB', 'worst MiB', `target ${targetResidentMiB}`],
    ...[...residentMiB].map(([program, values]) => [
      program,
      median(values).toFixed(0),
      Math.max(...values).toFixed(0),
      Math.max(...values) <= targetResidentMiB ? 'ok' : 'above',
    ]),
  ]),
);
