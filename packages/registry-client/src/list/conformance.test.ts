import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeDiscovery, describeRegistrar } from '@flotilla/conformance';
import { isServed, type Registration } from '@flotilla/contracts';
import { FakeClock, recordingLogger } from '@flotilla/testing';
import { discoveryFor, registrarFor } from '../registry-for.ts';

for (const url of ['static:ships=127.0.0.1:9001', 'file:fleet.json'])
  describeRegistrar(`the registrar of ${url}`, async () => ({
    registrar: registrarFor(url, { logger: recordingLogger() }),
    clock: new FakeClock(),
    isIdle: () => true,
    [Symbol.asyncDispose]: async () => {},
  }));

describeDiscovery('the discovery of a list in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-list-'));
  const path = join(folder, 'fleet.json');
  const clock = new FakeClock();
  const discovery = discoveryFor(`file:${path}`, { clock, logger: recordingLogger() });
  const instances = new Map<string, Registration>();
  let isThere = true;
  const write = async (): Promise<void> => {
    if (!isThere) return;
    const list: Record<string, object[]> = {};
    for (const { name, metadata, status = 'passing', lease_ms: _, ...place } of instances.values())
      if (isServed(status))
        (list[name] ??= []).push({ ...place, metadata, zone: metadata?.['zone'], version: metadata?.['version'] });
    // At once, as whoever writes such a list should do it.
    await writeFile(`${path}.next`, JSON.stringify(list));
    await rename(`${path}.next`, path);
  };
  await write();
  // Time goes on by itself, a second each time: whoever reads by the clock reads.
  const time = setInterval(() => clock.advance(1_000), 2);
  return {
    discovery,
    clock,
    isIdle: () => true,
    put(registration) {
      instances.set(`${registration.name}/${registration.id}`, registration);
      return write();
    },
    remove(service, id) {
      instances.delete(`${service}/${id}`);
      return write();
    },
    async stop() {
      isThere = false;
      await rm(path);
    },
    async start() {
      isThere = true;
      await write();
    },
    async [Symbol.asyncDispose]() {
      clearInterval(time);
      await discovery.close();
      await rm(folder, { recursive: true });
    },
  };
});
