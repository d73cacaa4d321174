import { median } from '../../fleet/measured-fleet.ts';
import type { Load, Sample } from '../run/sample.ts';

/** The medians of one proxy's samples in one scenario under one load. */
export interface Summary {
  readonly scenario: string;
  readonly load: Load;
  readonly proxy: string;
  readonly rounds: number;
  readonly rate?: number;
  readonly failed: number;
  readonly firstFailure?: string;
  readonly requestsPerSecond: number;
  /** CPU time of one request in microseconds, and its share in user mode, 0 to 1. */
  readonly cpuUs: number;
  readonly cpuUsLowest: number;
  readonly cpuUsHighest: number;
  readonly userShare: number;
  readonly rssMiB?: number;
  readonly pssMiB?: number;
  readonly latency?: { readonly p50Us: number; readonly p99Us: number; readonly p999Us: number };
  readonly loadLateUs?: number;
}

/** One summary for each scenario, load and proxy, in the order in which they first appear. */
export function summarize(samples: readonly Sample[]): Summary[] {
  const groups = Map.groupBy(samples, (each) => `${each.scenario} ${each.load} ${each.proxy}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [summaryOf(first, group)];
  });
}

function summaryOf(first: Sample, group: readonly Sample[]): Summary {
  const cpuUs = group.map((each) => each.cpu.totalNs / 1000 / each.requests);
  const user = sum(group.map((each) => each.cpu.userTicks));
  const system = sum(group.map((each) => each.cpu.systemTicks));
  const latencies = group.flatMap((each) => each.latency ?? []);
  const memories = group.flatMap((each) => each.memory ?? []);
  const failure = group.find((each) => each.firstFailure !== undefined)?.firstFailure;
  return {
    scenario: first.scenario,
    load: first.load,
    proxy: first.proxy,
    rounds: group.length,
    ...(first.rate !== undefined && { rate: first.rate }),
    failed: sum(group.map((each) => each.failed)),
    ...(failure !== undefined && { firstFailure: failure }),
    requestsPerSecond: median(group.map((each) => each.requests / each.seconds)),
    cpuUs: median(cpuUs),
    cpuUsLowest: Math.min(...cpuUs),
    cpuUsHighest: Math.max(...cpuUs),
    userShare: user / Math.max(user + system, 1),
    ...(memories.length > 0 && {
      rssMiB: median(memories.map((each) => each.rssBytes)) / 2 ** 20,
      pssMiB: median(memories.map((each) => each.pssBytes)) / 2 ** 20,
    }),
    ...(latencies.length > 0 && {
      latency: {
        p50Us: median(latencies.map((each) => each.p50Us)),
        p99Us: median(latencies.map((each) => each.p99Us)),
        p999Us: median(latencies.map((each) => each.p999Us)),
      },
      loadLateUs: median(group.flatMap((each) => each.loadLateUs ?? [])),
    }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
