/**
 * Requests that fail or are slow while something happens to processes: they are killed and come back, frozen for a while, or
 * say that they are not ready. A constant rate through the gateway, two instances of each service, one kind of event at a
 * time (to a worker of the gateway and to the gateway as a whole are two), and a run without any to compare with.
 * Usage: `npm run bench:chaos -- [seconds per kind] [requests per second] [only kinds that contain this]` (defaults 60 and 200).
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad } from './fleet/load.ts';
import { type MeasuredFleet, startMeasuredFleet, table } from './fleet/measured-fleet.ts';
import { describeMachine, machineText } from './gateway/report/machine.ts';

const [seconds = 60, perSecond = 200] = process.argv.slice(2, 4).map(Number);
const wanted = process.argv[4] ?? '';
/** Long enough for a process to be back and found again before the next event. */
const betweenEventsMs = 5_000;
/** How long a frozen process stands still, and one that is not ready says so: shorter than a supervisor waits for it. */
const eventMs = 3_000;
/** What a person notices. */
const slowMs = 1_000;

type Happening = 'killed' | 'frozen' | 'not ready';
interface Kind {
  readonly process: string;
  readonly happening: Happening | undefined;
}
const kinds: readonly Kind[] = [
  { process: 'nothing', happening: undefined },
  { process: 'user-service', happening: 'killed' },
  { process: 'order-service', happening: 'killed' },
  { process: 'service-registry', happening: 'killed' },
  { process: 'gateway worker', happening: 'killed' },
  { process: 'gateway', happening: 'killed' },
  { process: 'user-service', happening: 'frozen' },
  { process: 'order-service', happening: 'frozen' },
  { process: 'service-registry', happening: 'frozen' },
  { process: 'user-service', happening: 'not ready' },
];
const paths = ['/api/user/?id=1', '/api/order/?id=1', '/api/user-with-orders?user_id=1', '/users/2', '/users/1/orders'];

const machine = describeMachine();
const rows = [
  ['what', 'times', 'requests', 'failed', `over ${slowMs} ms`, 'p50 ms', 'p99 ms', 'worst ms', 'how they failed'],
];
for (const kind of kinds) if (nameOf(kind).includes(wanted)) rows.push(await measure(kind));
console.log(`${machineText(machine)}\n`);
console.log(`${perSecond} requests/s for ${seconds} s per kind, two instances of each service\n`);
console.log(table(rows));

function nameOf({ process: name, happening }: Kind): string {
  return happening === undefined ? name : `${name} ${happening}`;
}

async function measure(kind: Kind): Promise<string[]> {
  const fleet = await startMeasuredFleet(['--scale', 'user-service=2,order-service=2'], {
    NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'fleet', 'not-ready.ts')}`,
  });
  try {
    console.error(`${nameOf(kind)}...`);
    const load = startLoad(fleet.url('gateway'), paths, perSecond);
    const endMs = performance.now() + seconds * 1000;
    let times = 0;
    await sleep(1_000);
    while (kind.happening !== undefined && performance.now() + betweenEventsMs <= endMs) {
      if (happen(fleet, kind.process, kind.happening, times)) times += 1;
      await sleep(betweenEventsMs);
    }
    await sleep(Math.max(0, endMs - performance.now()));
    const { sent, outcomes, latenciesMs } = await load.finish();
    const failures = [...outcomes].filter(([outcome]) => outcome !== '200');
    const failed = failures.reduce((sum, [, count]) => sum + count, 0);
    const slow = latenciesMs.filter((latencyMs) => latencyMs > slowMs).length;
    const at = (share: number): string => (latenciesMs[Math.floor(share * (latenciesMs.length - 1))] ?? 0).toFixed(1);
    const how = failures.map(([outcome, count]) => `${outcome}: ${count}`).join(', ');
    return [nameOf(kind), String(times), String(sent), String(failed), String(slow), at(0.5), at(0.99), at(1), how];
  } finally {
    await fleet.stop();
  }
}

/** Lets it happen to the instances in turn. */
function happen(fleet: MeasuredFleet, name: string, happening: Happening, turn: number): boolean {
  const instances = fleet.processes().filter((each) => each.name === name);
  const victim = instances[turn % Math.max(1, instances.length)];
  if (victim === undefined) return false;
  const [begin, end] = signalsOf(happening);
  process.kill(victim.pid, begin);
  if (end !== undefined) setTimeout(() => process.kill(victim.pid, end), eventMs);
  return true;
}

function signalsOf(happening: Happening): readonly [NodeJS.Signals, NodeJS.Signals?] {
  switch (happening) {
    case 'killed':
      return ['SIGKILL'];
    case 'frozen':
      return ['SIGSTOP', 'SIGCONT'];
    case 'not ready':
      return ['SIGPWR', 'SIGPWR'];
    default:
      return happening satisfies never;
  }
}
