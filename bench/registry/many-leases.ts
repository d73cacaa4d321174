import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseWrk } from '../gateway/load/wrk.ts';
import { cpuBetween, cpuTime, memory } from '../gateway/measure/process-figures.ts';
import { ownApi } from './apis.ts';
import { type LoadOptions, registerFleet } from './load.ts';
import { type RegistryPlace, startOwn } from './registries.ts';

const instances = 100_000;
const everySeconds = 10;
const services = 100;
const seconds = 30;

/** Whether one core of our registry keeps up with the heartbeats of a very large fleet. */
export async function measureManyLeases(place: RegistryPlace, options: LoadOptions): Promise<string> {
  const registry = await startOwn(place, path.join(place.folder, 'leases.db'));
  await registerFleet({ name: 'Flotilla', api: ownApi, registry }, instances);
  const script = path.join(place.folder, 'leases.lua');
  writeFileSync(
    script,
    `local n = 0
request = function()
  n = (n + 1) % ${instances}
  return wrk.format("PUT", "/services/service-" .. (n % ${services}) .. "/instances/instance-" .. n .. "/lease")
end
`,
  );
  const args = ['-t1', `-c${options.connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, registry.url];
  const before = cpuTime(registry.process.pid);
  const report = await place.processes.run(options.core, { command: 'wrk', args }, seconds * 1_000 + 20_000);
  const { totalNs } = cpuBetween(before, cpuTime(registry.process.pid));
  const { requests, seconds: took, failed } = parseWrk(report);
  const mib = memory(registry.process.pid).rssBytes / 1_048_576;
  await registry.process.stop();
  const needed = instances / everySeconds;
  const share = (100 * needed * (totalNs / 1e9)) / requests;
  return `${instances} instances: ${(requests / took).toFixed(0)} heartbeats per second, ${failed} failed; ${needed} per second (one each ${everySeconds} s) take ${share.toFixed(0)} % of a core. ${mib.toFixed(0)} MiB resident`;
}
