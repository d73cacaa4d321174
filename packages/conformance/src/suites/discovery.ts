import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Discovery, Endpoint, Registration, ServiceSnapshot } from '@flotilla/contracts';
import { waitUntil } from '@flotilla/testing';
import { advanceUntil, type Timed } from './advance-until.ts';

/** A discovery and what it learns from, a registry for example, as one test needs them. */
export interface DiscoveryHarness extends AsyncDisposable, Timed {
  readonly discovery: Discovery;
  /** There is such an instance now, or it is another. Where there is no status, one that gets no traffic is not there. */
  put(registration: Registration): void | Promise<void>;
  remove(service: string, id: string): void | Promise<void>;
  /** What it shows of an instance, where that is not all: DNS knows no metadata, and calls instances by their addresses. */
  shown?(registration: Registration): Endpoint;
  /** It goes away: connections are dropped and refused, the file is gone. What it knows stays. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

function ship(id: string, extra: Partial<Registration> = {}): Registration {
  // A port of its own: at the same address and port it would be the same instance.
  return { name: 'ships', id, address: '127.0.0.1', port: 9000 + id.charCodeAt(0), ...extra };
}

/** What every {@link Discovery} promises, whatever it learns from. */
export function describeDiscovery(name: string, setUp: () => Promise<DiscoveryHarness>): void {
  describe(`${name} is a Discovery`, () => {
    const soon = (): AbortSignal => AbortSignal.timeout(20_000);
    const ids = (snapshot: ServiceSnapshot): readonly string[] => snapshot.endpoints.map((one) => one.id);
    const idOf = ({ shown }: DiscoveryHarness, registration: Registration): string =>
      shown?.(registration).id ?? registration.id ?? '';
    const shipIds = (harness: DiscoveryHarness, ...names: readonly string[]): readonly string[] =>
      names.map((name) => idOf(harness, ship(name)));

    test('knows nothing at first, says so, and then knows all instances, sorted by id', async () => {
      await using harness = await setUp();
      for (const id of ['b', 'c', 'a']) await harness.put(ship(id));
      assert.deepEqual(harness.discovery.snapshot('ships').state, 'unknown');
      const known = await harness.discovery.whenKnown('ships', soon());
      assert.equal(known.state, 'fresh');
      assert.deepEqual(ids(known), shipIds(harness, 'a', 'b', 'c'));
      assert.equal(harness.discovery.snapshot('ships'), known);
    });

    test('knows that a service has no instance', async () => {
      await using harness = await setUp();
      const known = await harness.discovery.whenKnown('ships', soon());
      assert.equal(known.state, 'fresh');
      assert.deepEqual(known.endpoints, []);
    });

    test('believes that the last instance is gone', async () => {
      await using harness = await setUp();
      await harness.put(ship('a'));
      await harness.discovery.whenKnown('ships', soon());
      await harness.remove('ships', 'a');
      await waitUntil('nobody is left', () => harness.discovery.snapshot('ships').endpoints.length === 0);
      assert.equal(harness.discovery.snapshot('ships').state, 'fresh');
    });

    test('gives callers everything they choose by, and an IPv6 address without brackets', async () => {
      await using harness = await setUp();
      const metadata = { zone: 'north', version: '1.2', owner: 'crew' };
      const registration = ship('a', { address: '::1', weight: 3, tags: ['canary'], metadata });
      await harness.put(registration);
      const [endpoint] = (await harness.discovery.whenKnown('ships', soon())).endpoints;
      const place = { id: 'a', scheme: 'http', address: '::1', port: ship('a').port };
      const all = { ...place, weight: 3, tags: ['canary'], metadata, zone: 'north', version: '1.2' };
      assert.deepEqual(endpoint, harness.shown?.(registration) ?? all);
    });

    test('shows a change of an instance under the same id, as another object', async () => {
      await using harness = await setUp();
      await harness.put(ship('a'));
      await harness.put(ship('b'));
      const before = (await harness.discovery.whenKnown('ships', soon())).endpoints;
      await harness.put(ship('b', { weight: 5 }));
      const now = (): ServiceSnapshot => harness.discovery.snapshot('ships');
      await waitUntil('the weight is told', () => now().endpoints[1]?.weight === 5);
      assert.deepEqual(ids(now()), shipIds(harness, 'a', 'b'));
      assert.equal(now().endpoints[0], before[0]);
      assert.equal(before[1]?.weight, 1);
    });

    test('tells a listener what is known, then each change, until it is ended', async () => {
      await using harness = await setUp();
      await harness.put(ship('a'));
      await harness.discovery.whenKnown('ships', soon());
      const seen: string[] = [];
      const stop = harness.discovery.watch('ships', (snapshot) => seen.push(ids(snapshot).join()));
      await harness.put(ship('b'));
      // One after the other: who tells whole lists may tell two changes as one.
      await waitUntil('the first change was told', () => seen.length === 2);
      await harness.remove('ships', 'a');
      await waitUntil('the second change was told', () => seen.length === 3);
      const told = [['a'], ['a', 'b'], ['b']].map((names) => shipIds(harness, ...names).join());
      assert.deepEqual(seen, told);
      stop();
      const all: string[] = [];
      harness.discovery.watch('ships', (snapshot) => all.push(ids(snapshot).join()));
      await harness.put(ship('c'));
      await waitUntil('the other listener was told', () => all.length === 2);
      assert.equal(seen.length, 3);
    });

    test('shows only instances that may get traffic', async () => {
      await using harness = await setUp();
      await harness.put(ship('a'));
      await harness.put(ship('b', { status: 'maintenance' }));
      assert.deepEqual(ids(await harness.discovery.whenKnown('ships', soon())), shipIds(harness, 'a'));
      await harness.put(ship('a', { status: 'critical' }));
      await waitUntil('a is no longer served', () => harness.discovery.snapshot('ships').endpoints.length === 0);
    });

    test('keeps the objects of unchanged instances', async () => {
      await using harness = await setUp();
      await harness.put(ship('a'));
      const [before] = (await harness.discovery.whenKnown('ships', soon())).endpoints;
      await harness.put(ship('b'));
      await waitUntil('b is there', () => harness.discovery.snapshot('ships').endpoints.length === 2);
      assert.equal(harness.discovery.snapshot('ships').endpoints[0], before);
    });

    test('continues with what it knows, marked stale, while the registry is away; then catches up', async () => {
      await using harness = await setUp();
      await harness.put(ship('a'));
      const { endpoints } = await harness.discovery.whenKnown('ships', soon());
      await harness.stop();
      await waitUntil('stale', () => harness.discovery.snapshot('ships').state === 'stale');
      assert.equal(harness.discovery.snapshot('ships').endpoints, endpoints);
      await harness.put(ship('b'));
      await harness.remove('ships', 'a');
      await harness.start();
      await advanceUntil('fresh', harness, () => harness.discovery.snapshot('ships').state === 'fresh');
      // Not a moment earlier: fresh says that this is what there is.
      assert.deepEqual(ids(harness.discovery.snapshot('ships')), shipIds(harness, 'b'));
    });

    test('follows services that are requested later, without disturbing the others', async () => {
      await using harness = await setUp();
      await harness.put(ship('a'));
      const boat: Registration = { name: 'boats', id: 'x', address: '127.0.0.1', port: 9100 };
      await harness.put(boat);
      const ships = await harness.discovery.whenKnown('ships', soon());
      const states: string[] = [];
      harness.discovery.watch('ships', (snapshot) => states.push(snapshot.state));
      assert.deepEqual(ids(await harness.discovery.whenKnown('boats', soon())), [idOf(harness, boat)]);
      assert.deepEqual(states, ['fresh']);
      assert.equal(harness.discovery.snapshot('ships'), ships);
    });

    test('whenKnown rejects with the reason of its signal', async () => {
      await using harness = await setUp();
      await harness.stop();
      const giveUp = new AbortController();
      const waiting = harness.discovery.whenKnown('ships', giveUp.signal);
      const reason = new Error('waited long enough');
      giveUp.abort(reason);
      await assert.rejects(waiting, reason);
      await assert.rejects(harness.discovery.whenKnown('ships', AbortSignal.abort(reason)), reason);
    });

    test('close ends everything, at once, even while the registry is away', async () => {
      await using harness = await setUp();
      await harness.discovery.whenKnown('ships', soon());
      await harness.stop();
      const waiting = harness.discovery.whenKnown('boats', soon());
      const rejected = assert.rejects(waiting);
      await harness.discovery.close();
      await rejected;
      assert.deepEqual(harness.clock.pendingDelaysMs, []);
    });
  });
}
