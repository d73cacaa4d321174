import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseWrk } from '../gateway/load/wrk.ts';
import { cpuBetween, cpuTime } from '../gateway/measure/process-figures.ts';
import type { Processes } from '../gateway/run/processes.ts';
import { fleetSize, type Operation } from './apis.ts';
import type { Subject } from './registries.ts';

/** How much is asked. */
export interface LoadOptions {
  readonly processes: Processes;
  /** The core of the load. */
  readonly core: string;
  readonly folder: string;
  readonly connections: number;
  readonly seconds: number;
}

/** What one run has shown. */
export interface LoadResult {
  readonly perSecond: number;
  /** How many the server does with one second of CPU time. */
  readonly perCpuSecond: number;
}

/** Every connection busy with one operation. @throws Error when a request fails */
export async function load(
  { api, name, registry }: Subject,
  operation: Operation,
  salt: number,
  { processes, core, folder, connections, seconds }: LoadOptions,
): Promise<LoadResult> {
  const script = path.join(folder, `${operation}.lua`);
  writeFileSync(script, api.script(operation, salt));
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, registry.url];
  const before = cpuTime(registry.process.pid);
  const report = await processes.run(core, { command: 'wrk', args }, seconds * 1_000 + 20_000);
  const { totalNs } = cpuBetween(before, cpuTime(registry.process.pid));
  const { requests, seconds: took, failed } = parseWrk(report);
  if (failed > 0) throw new Error(`${failed} of ${requests} ${operation} failed at ${name}`);
  return { perSecond: requests / took, perCpuSecond: requests / (totalNs / 1e9) };
}

/** Registers the fleet that heartbeats and reads are about. */
export async function registerFleet(subject: Subject, instances: number = fleetSize.instances): Promise<void> {
  const waiting = Array.from({ length: instances }, (_, index) => index);
  const worker = async (): Promise<void> => {
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop())
      await register(subject, `instance-${index}`, `service-${index % fleetSize.services}`, 'first');
  };
  await Promise.all(Array.from({ length: 64 }, worker));
}

/** Registers one instance. */
export async function register({ api, registry }: Subject, id: string, service: string, note: string): Promise<void> {
  const { method, path: where, body } = api.registration(id, service, note);
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(registry.url + where, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`registration of ${id}: ${answer.status} ${await answer.text()}`);
  await answer.text();
}
