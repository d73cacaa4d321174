import path from 'node:path';
import { memory } from '../gateway/measure/process-figures.ts';
import { ownApi } from './apis.ts';
import { registerFleet } from './load.ts';
import { type RegistryPlace, startOwn } from './registries.ts';

const instances = 10_000;
const restarts = 5;

/** How long our registry takes from its start until it is ready, with many instances on the disk; and what each takes. */
export async function measureRestart(place: RegistryPlace): Promise<string> {
  const file = path.join(place.folder, 'restart.db');
  const first = await startOwn(place, file);
  const before = memory(first.process.pid).rssBytes;
  await registerFleet({ name: 'Flotilla', api: ownApi, registry: first }, instances);
  const perInstance = (memory(first.process.pid).rssBytes - before) / instances;
  await first.process.stop();
  const readyMs: number[] = [];
  for (let restart = 0; restart < restarts; restart += 1) {
    const again = await startOwn(place, file);
    const known = await (await fetch(`${again.url}/`)).text();
    if (!known.includes(`"instances":${instances}`)) throw new Error(`instances are missing: ${known}`);
    readyMs.push(again.readyMs);
    await again.process.stop();
  }
  const shown = readyMs.map((ms) => ms.toFixed(0)).join(', ');
  return `Restart with ${instances} instances: ready after ${shown} ms. ${(perInstance / 1_024).toFixed(1)} KiB for each instance`;
}
