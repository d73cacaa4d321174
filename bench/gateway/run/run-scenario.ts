import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../../fleet/measured-fleet.ts';
import type { ProxyKind } from '../proxies/proxy-kind.ts';
import type { Meter } from './measure.ts';
import type { Options } from './options.ts';
import { nearest } from './proxy-kinds.ts';
import { type RunningProxy, type StartOptions, startProxy } from './running-proxy.ts';
import type { Sample, Skip } from './sample.ts';
import type { Scenario } from './scenarios.ts';

/** A proxy gets the half load only if it reaches this many times as much: else its latency says only that it can't. */
const headroom = 1.25;
/** The generator has one core, together with the upstream. */
const highestRate = 16_000;
/** What a program does after its start, such as compiling, is over by then. */
const settleMs = 500;

export interface ScenarioRun {
  readonly kinds: readonly ProxyKind[];
  readonly options: Options;
  readonly meter: Meter;
  readonly start: StartOptions;
  say(text: string): void;
}

/** Measures all proxies in one scenario: in each round one after the other, so that what disturbs hits all alike. */
export async function runScenario(scenario: Scenario, run: ScenarioRun): Promise<{ samples: Sample[]; skips: Skip[] }> {
  const { options, meter, say } = run;
  const skips: Skip[] = [];
  const proxies: RunningProxy[] = [];
  for (const kind of run.kinds) {
    const started = await startProxy(kind, scenario, run.start);
    if ('skipped' in started) {
      skips.push({ proxy: kind.name, scenario: scenario.name, reason: started.skipped });
      say(`${scenario.name}: ${kind.name} is skipped: ${started.skipped}`);
    } else {
      proxies.push(started);
    }
  }
  await sleep(settleMs);
  const samples = proxies.map((proxy) => meter.atRest(scenario, proxy));
  try {
    for (const proxy of proxies) await meter.full(scenario, proxy, options.warmUpSeconds);
    const rounds = options.rounds ?? scenario.rounds;
    for (let round = 0; round < rounds; round += 1) {
      for (const proxy of rotated(proxies, round)) {
        samples.push(...(await oneRound(scenario, proxy, run)));
        say(`${scenario.name}: round ${round + 1} of ${rounds}, ${proxy.kind.name}${figures(samples.at(-1))}`);
      }
    }
    if (scenario.halfLoad === true) samples.push(...(await halfLoad(scenario, proxies, samples, rounds, run)));
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.process.stop()));
  }
  return { samples, skips };
}

/**
 * Starts each once and ends it again: Node keeps what it compiles for the next start, so the very first one of a
 * changed program needs more memory than all that follow.
 */
export async function startOnce(scenario: Scenario, kinds: readonly ProxyKind[], start: StartOptions): Promise<void> {
  for (const kind of kinds) {
    const started = await startProxy(kind, scenario, start);
    if ('process' in started) await started.process.stop();
  }
}

async function oneRound(scenario: Scenario, proxy: RunningProxy, run: ScenarioRun): Promise<Sample[]> {
  const { options, meter } = run;
  const release =
    scenario.idleConnections === undefined
      ? undefined
      : await meter.holdIdle(scenario, proxy, scenario.idleConnections);
  const samples: Sample[] = [];
  const full = await meter.full(scenario, proxy, options.seconds);
  if (scenario.fixedRate === true) {
    const equal = { load: 'equal-rate', rate: options.rate, seconds: options.seconds } as const;
    samples.push(await meter.atRate(scenario, proxy, equal));
  }
  const closed = (await release?.()) ?? 0;
  const failure = closed === 0 ? {} : { firstFailure: `${closed} of the idle connections were closed` };
  return [...samples, { ...full, failed: full.failed + closed, ...failure }];
}

async function halfLoad(
  scenario: Scenario,
  proxies: readonly RunningProxy[],
  samples: readonly Sample[],
  rounds: number,
  { options, meter, say }: ScenarioRun,
): Promise<Sample[]> {
  const reached = (proxy: RunningProxy): number =>
    median(
      samples
        .filter((each) => each.proxy === proxy.kind.name && each.load === 'full')
        .map((each) => each.requests / each.seconds),
    );
  const near = proxies.filter((proxy) => nearest.includes(proxy.kind.name));
  if (near.length === 0) return [];
  const half = Math.floor(Math.min(...near.map(reached)) / 200) * 100;
  const rate = Math.min(Math.max(half, 100), highestRate);
  const able = proxies.filter((proxy) => reached(proxy) >= rate * headroom);
  const found: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const proxy of rotated(able, round)) {
      found.push(await meter.atRate(scenario, proxy, { load: 'half-load', rate, seconds: options.seconds }));
      say(`${scenario.name} at ${rate}/s: round ${round + 1} of ${rounds}, ${proxy.kind.name}${figures(found.at(-1))}`);
    }
  }
  return found;
}

/** Nobody is always the first, or always after the same one. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

function figures(sample: Sample | undefined): string {
  if (sample === undefined) return '';
  const rate = Math.round(sample.requests / sample.seconds);
  const cost = (sample.cpu.totalNs / sample.requests / 1000).toFixed(1);
  const failed = sample.failed === 0 ? '' : `, ${sample.failed} FAILED (${sample.firstFailure ?? 'see wrk'})`;
  return `: ${rate}/s, ${cost} µs/request${failed}`;
}
