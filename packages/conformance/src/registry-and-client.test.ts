import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Registration, systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { createRegistry, openSqliteStore, type Registry, registryRoutes } from '@flotilla/registry';
import { discoveryFor } from '@flotilla/registry-client';
import { FakeClock, freePort, recordingLogger, waitUntil } from '@flotilla/testing';
import { type DiscoveryHarness, describeDiscovery } from './suites/discovery.ts';

interface RealRegistry extends DiscoveryHarness {
  /** Deletes the database of a stopped registry. */
  wipe(): Promise<void>;
}

/** Our own registry on a file, with our own client: what each promises about the other only shows with both. */
async function registryWithClient(): Promise<RealRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-registry-'));
  const data = join(folder, 'data');
  const port = await freePort();
  /** What happens while the registry is stopped: to be done when it is back, before anyone can ask. */
  let waiting: ((registry: Registry) => Promise<unknown>)[] = [];
  let running: { readonly registry: Registry; close(): Promise<void> } | undefined;

  const start = async (): Promise<void> => {
    const store = openSqliteStore({ file: join(data, 'registry.db') });
    const registry = await createRegistry({ store, clock: systemClock });
    const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics: createMetrics() });
    registryRoutes(app, registry, { clock: systemClock });
    for (const act of waiting) await act(registry);
    waiting = [];
    await app.listen({ port, host: '127.0.0.1' });
    running = { registry, close: () => app.close().then(() => registry.close()) };
  };
  const stop = async (): Promise<void> => {
    await running?.close();
    running = undefined;
  };
  const act = async (run: (registry: Registry) => Promise<unknown>): Promise<void> => {
    if (running === undefined) waiting.push(run);
    else await run(running.registry);
  };
  await start();
  const discovery = discoveryFor(`http://127.0.0.1:${port}`, { logger: recordingLogger() });
  return {
    discovery,
    // Both live in real time, so nothing waits for this clock.
    clock: new FakeClock(),
    isIdle: () => true,
    put: (registration: Registration) => act((registry) => registry.register(registration)),
    remove: (service, id) => act((registry) => registry.deregister(service, id)),
    start,
    stop,
    wipe: () => rm(data, { recursive: true }),
    async [Symbol.asyncDispose]() {
      await discovery.close();
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

describeDiscovery('the discovery over the real registry', registryWithClient);

test('missed changes are delivered before anything counts as fresh again', async () => {
  await using its = await registryWithClient();
  const ship = (id: string, port: number): Registration => ({ name: 'ships', id, address: '127.0.0.1', port });
  for (let port = 1; port <= 200; port += 1) await its.put(ship(`old${port}`, port));
  await its.discovery.whenKnown('ships', AbortSignal.timeout(20_000));
  await its.stop();
  await waitUntil('stale', () => its.discovery.snapshot('ships').state === 'stale');
  for (let port = 1; port <= 200; port += 1) await its.remove('ships', `old${port}`);
  await its.put(ship('new', 9_000));
  const fresh: string[] = [];
  its.discovery.watch('ships', ({ state, endpoints }) => {
    if (state === 'fresh') fresh.push(endpoints.map((one) => one.id).join());
  });
  await its.start();
  await waitUntil('fresh', () => fresh.length > 0);
  assert.deepEqual(fresh, ['new']);
});

test('a registry that lost its database, and has since written more than before, is not mistaken for the old one', async () => {
  await using its = await registryWithClient();
  const ship = (id: string, port: number): Registration => ({ name: 'ships', id, address: '127.0.0.1', port });
  const ids = (): string =>
    its.discovery
      .snapshot('ships')
      .endpoints.map((one) => one.id)
      .join();
  for (const [index, id] of ['a', 'b', 'c'].entries()) await its.put(ship(id, 9_000 + index));
  await its.discovery.whenKnown('ships', AbortSignal.timeout(20_000));
  assert.equal(ids(), 'a,b,c');
  await its.stop();
  await waitUntil('stale', () => its.discovery.snapshot('ships').state === 'stale');
  await its.wipe();
  for (let index = 0; index < 20; index += 1) await its.put({ ...ship(`x${index}`, 9_100 + index), name: 'others' });
  // At the place of a.
  await its.put(ship('d', 9_000));
  await its.start();
  await waitUntil('the new history is known', () => ids() === 'b,c,d');
  assert.equal(its.discovery.snapshot('ships').state, 'stale');
  await its.put(ship('b', 9_001));
  await its.put(ship('c', 9_002));
  await waitUntil('fresh', () => its.discovery.snapshot('ships').state === 'fresh');
  assert.equal(ids(), 'b,c,d');
});
