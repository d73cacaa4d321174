import { parseWrk, wrkLaunch } from './gateway/load/wrk.ts';
import { cpuBetween, cpuTime } from './gateway/measure/process-figures.ts';
import type { Processes, Started } from './gateway/run/processes.ts';

/** A server that is up, and what is asked of it. */
export interface MeasuredServer {
  readonly url: string;
  readonly process: Started;
}

/** How servers are measured. */
export interface MeasureOptions {
  readonly processes: Processes;
  /** The core of the load. */
  readonly loadCore: string;
  readonly folder: string;
  readonly rounds: number;
  /** Of one measurement. */
  readonly seconds: number;
  /**
   * How many requests each server answers before. By requests and not by time: on a busy machine the compiler would otherwise still be
   * at work in the first rounds. Default 40000.
   */
  readonly warmUpRequests?: number;
}

const connections = 16;

/** Warms all servers up, then measures each once a round, every connection busy. Gives the CPU times of one request, in microseconds. */
export async function measureInTurns<Server extends MeasuredServer>(
  servers: readonly Server[],
  { processes, loadCore, folder, rounds, seconds, warmUpRequests = 40_000 }: MeasureOptions,
): Promise<ReadonlyMap<Server, readonly number[]>> {
  const cpuUs = new Map<Server, number[]>();
  for (const server of servers) for (let done = 0; done < warmUpRequests; ) done += (await load(server, 2)).requests;
  for (let round = 0; round < rounds; round += 1) {
    // Neighbours are measured one right after the other, and take turns in being the first.
    const order = round % 2 === 0 ? servers : servers.toReversed();
    for (const server of order) cpuUs.set(server, [...(cpuUs.get(server) ?? []), (await load(server, seconds)).cpuUs]);
    process.stderr.write(`bench: round ${round + 1} of ${rounds}\n`);
  }
  return cpuUs;

  async function load(
    server: MeasuredServer,
    forSeconds: number,
  ): Promise<{ readonly requests: number; readonly cpuUs: number }> {
    const launch = wrkLaunch({ url: server.url, connections, seconds: forSeconds, uploadBytes: 0, folder });
    const before = cpuTime(server.process.pid);
    const { requests, failed } = parseWrk(await processes.run(loadCore, launch, forSeconds * 1_000 + 15_000));
    if (failed > 0) throw new Error(`${failed} of ${requests} requests to ${server.url} failed`);
    const { totalNs } = cpuBetween(before, cpuTime(server.process.pid));
    return { requests, cpuUs: totalNs / 1_000 / requests };
  }
}
