import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenLoopResult } from '../load/open-loop.ts';
import { parseWrk, wrkLaunch } from '../load/wrk.ts';
import { type CpuTime, cpuBetween, cpuTime, type Memory, memory } from '../measure/process-figures.ts';
import type { Processes, Started } from './processes.ts';
import type { RunningProxy } from './running-proxy.ts';
import type { Load, Sample } from './sample.ts';
import type { Scenario } from './scenarios.ts';

const uploadBytes = 1024 * 1024;
/** Beyond the time a load is to take. */
const graceMs = 15_000;
const loadFolder = path.join(import.meta.dirname, '../load');

/** Puts load on proxies and reads the kernel's figures before and after. */
export class Meter {
  readonly #processes: Processes;
  readonly #loadCore: string;
  readonly #folder: string;

  constructor(options: { processes: Processes; loadCore: string; folder: string }) {
    this.#processes = options.processes;
    this.#loadCore = options.loadCore;
    this.#folder = options.folder;
  }

  /** Memory as it is without load. */
  atRest(scenario: Scenario, proxy: RunningProxy): Sample {
    const cpu: CpuTime = { totalNs: 0, userTicks: 0, systemTicks: 0 };
    const about = { scenario: scenario.name, proxy: proxy.kind.name };
    return { ...about, load: 'none', requests: 0, failed: 0, seconds: 0, cpu, memory: memory(proxy.process.pid) };
  }

  /** Every connection always busy. */
  async full(scenario: Scenario, proxy: RunningProxy, seconds: number): Promise<Sample> {
    const launch = wrkLaunch({
      url: proxy.url,
      connections: scenario.connections,
      seconds,
      uploadBytes: scenario.upload === true ? uploadBytes : 0,
      folder: this.#folder,
    });
    const before = cpuTime(proxy.process.pid);
    const running = this.#processes.run(this.#loadCore, launch, seconds * 1_000 + graceMs);
    const [report, used] = await Promise.all([running, memoryAfter(proxy, seconds * 800)]);
    const cpu = cpuBetween(before, cpuTime(proxy.process.pid));
    return { scenario: scenario.name, load: 'full', proxy: proxy.kind.name, ...parseWrk(report), cpu, memory: used };
  }

  /** So many requests per second, whether or not the proxy keeps up. */
  async atRate(
    scenario: Scenario,
    proxy: RunningProxy,
    { load, rate, seconds }: { load: Load; rate: number; seconds: number },
  ): Promise<Sample> {
    const args = [proxy.port, scenario.path, rate, seconds, scenario.connections].map(String);
    const launch = { command: process.execPath, args: [path.join(loadFolder, 'open-loop.ts'), ...args] };
    const before = cpuTime(proxy.process.pid);
    const report = await this.#processes.run(this.#loadCore, launch, seconds * 1_000 + graceMs);
    const cpu = cpuBetween(before, cpuTime(proxy.process.pid));
    // Our own program's.
    const result = JSON.parse(report) as OpenLoopResult;
    return {
      scenario: scenario.name,
      load,
      proxy: proxy.kind.name,
      rate,
      requests: result.answered,
      failed: result.failed,
      ...(result.firstFailure !== undefined && { firstFailure: result.firstFailure }),
      // It also sends some that it does not measure, at the same rate.
      seconds: (result.answered + result.failed) / rate,
      cpu,
      latency: { p50Us: result.p50Us, p99Us: result.p99Us, p999Us: result.p999Us },
      loadLateUs: result.sentLateP99Us,
    };
  }

  /** Opens connections that stay idle. Returns what ends them and tells how many the proxy had closed. */
  async holdIdle(scenario: Scenario, proxy: RunningProxy, connections: number): Promise<() => Promise<number>> {
    const args = [path.join(loadFolder, 'idle-connections.ts'), String(proxy.port), scenario.path, String(connections)];
    const holder = this.#processes.start(this.#loadCore, { command: process.execPath, args });
    await untilSaid(holder, /^holding \d+$/m);
    return async () => {
      await holder.stop();
      return connections - Number(/^open (\d+)$/m.exec(holder.output())?.[1] ?? 0);
    };
  }
}

async function memoryAfter(proxy: RunningProxy, delayMs: number): Promise<Memory> {
  await sleep(delayMs);
  return memory(proxy.process.pid);
}

async function untilSaid(started: Started, words: RegExp): Promise<void> {
  const lastMs = performance.now() + graceMs;
  while (!words.test(started.output())) {
    if (!started.running || performance.now() > lastMs) throw new Error(`the load did not start: ${started.output()}`);
    await sleep(20);
  }
}
