/**
 * Requests that fail while processes are killed with SIGKILL and come back: a constant rate through the gateway, two
 * instances of each service, one kind of process at a time (a worker of the gateway, and the gateway as a whole, are two), and a run without any kill to compare with.
 * Usage: `npm run bench:chaos -- [seconds per kind] [requests per second]` (defaults 60 and 200).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad } from './fleet/load.ts';
import { type MeasuredFleet, startMeasuredFleet, table } from './fleet/measured-fleet.ts';
import { describeMachine, machineText } from './gateway/report/machine.ts';

const [seconds = 60, perSecond = 200] = process.argv.slice(2).map(Number);
/** Long enough for a killed process to be back and found again before the next one dies. */
const betweenKillsMs = 5_000;
const kinds = ['nothing', 'user-service', 'order-service', 'service-registry', 'gateway worker', 'gateway'] as const;
const paths = ['/api/user/?id=1', '/api/order/?id=1', '/api/user-with-orders?user_id=1', '/users/2', '/users/1/orders'];

const machine = describeMachine();
const rows = [['killed', 'times', 'requests', 'failed', 'p50 ms', 'p99 ms', 'worst ms', 'how they failed']];
for (const kind of kinds) rows.push(await measure(kind));
console.log(`${machineText(machine)}\n`);
console.log(`${perSecond} requests/s for ${seconds} s per kind, two instances of each service\n`);
console.log(table(rows));

async function measure(kind: (typeof kinds)[number]): Promise<string[]> {
  const fleet = await startMeasuredFleet(['--scale', 'user-service=2,order-service=2']);
  try {
    console.error(`killing ${kind}...`);
    const load = startLoad(fleet.url('gateway'), paths, perSecond);
    const endMs = performance.now() + seconds * 1000;
    let kills = 0;
    await sleep(1_000);
    while (kind !== 'nothing' && performance.now() + betweenKillsMs <= endMs) {
      if (killOne(fleet, kind, kills)) kills += 1;
      await sleep(betweenKillsMs);
    }
    await sleep(Math.max(0, endMs - performance.now()));
    const { sent, outcomes, latenciesMs } = await load.finish();
    const failures = [...outcomes].filter(([outcome]) => outcome !== '200');
    const failed = failures.reduce((sum, [, count]) => sum + count, 0);
    const at = (share: number): string => (latenciesMs[Math.floor(share * (latenciesMs.length - 1))] ?? 0).toFixed(1);
    const how = failures.map(([outcome, count]) => `${outcome}: ${count}`).join(', ');
    return [kind, String(kills), String(sent), String(failed), at(0.5), at(0.99), at(1), how];
  } finally {
    await fleet.stop();
  }
}

/** Kills the instances in turn. */
function killOne(fleet: MeasuredFleet, kind: string, turn: number): boolean {
  const instances = fleet.processes().filter((each) => each.name === kind);
  const victim = instances[turn % Math.max(1, instances.length)];
  if (victim === undefined) return false;
  process.kill(victim.pid, 'SIGKILL');
  return true;
}
