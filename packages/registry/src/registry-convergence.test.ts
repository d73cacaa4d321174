import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedStorage } from '@flotilla/conformance';
import { isAppError, type ServiceInstance, type WatchEvent } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import fc from 'fast-check';
import { createRegistry, type Registry } from './registry.ts';
import type { Watch } from './watch/ring-watch.ts';

type Step =
  | {
      readonly do: 'register';
      readonly at: number;
      readonly id: number;
      readonly port: number;
      readonly weight: number;
    }
  | {
      readonly do: 'deregister' | 'renew' | 'maintenance' | 'passing' | 'critical';
      readonly at: number;
      readonly id: number;
    }
  | { readonly do: 'interrupt' | 'compact' | 'pass time' | 'take turns' | 'read and resume' };

const at = fc.nat({ max: 2 });
const id = fc.nat({ max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('register'), at, id, port: fc.nat({ max: 4 }), weight: id }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('deregister', 'renew', 'maintenance', 'passing', 'critical'),
      at,
      id,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('take turns', 'interrupt', 'compact', 'pass time', 'take turns', 'read and resume'),
    }),
  },
);

/** Reads a watch as clients do, and comes back to any of the registries from the last event it has read. */
class Reader {
  readonly known = new Map<string, ServiceInstance>();
  #watch: Watch;
  #revision = 0;

  constructor(registry: Registry) {
    this.#watch = registry.watch({ onReady: () => {} });
  }

  /** Reads some of what there is, then loses the connection. */
  resume(registry: Registry, limit: number): void {
    for (const event of this.#watch.read(limit).slice(0, limit)) this.#take(event);
    this.#watch.close();
    // Who is ahead of a registry that has not followed yet would be told so, and begin anew.
    const from = this.#revision <= registry.revision ? this.#revision : undefined;
    this.#watch = registry.watch({ onReady: () => {}, from, history: registry.history });
  }

  readAll(): void {
    for (let events = this.#watch.read(64); events.length > 0; events = this.#watch.read(64))
      for (const event of events) this.#take(event);
  }

  #take(event: WatchEvent): void {
    if (event.type === 'reset') return;
    if (event.type === 'put' || event.type === 'delete')
      assert.ok(event.revision > this.#revision, `${event.revision} after ${this.#revision}`);
    this.#revision = event.revision;
    if (event.type === 'put') this.known.set(event.instance.id, event.instance);
    if (event.type === 'delete') this.known.delete(event.id);
    if (event.type !== 'snapshot') return;
    this.known.clear();
    for (const instance of event.instances) this.known.set(instance.id, instance);
  }
}

const refusals = new Set(['INSTANCE_NOT_FOUND', 'LEASE_NOT_FOUND', 'REVISION_CONFLICT', 'REGISTRATION_LOST']);

async function attempt(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isAppError(error) || !refusals.has(error.code)) throw error;
  }
}

/** What is shown, without the signs of life, which have no revision. */
function shown(instances: Iterable<ServiceInstance>): readonly string[] {
  return [...instances].map((instance) => JSON.stringify({ ...instance, last_seen: '' })).sort();
}

test('whoever writes, and whatever gaps there are, all registries and their watchers converge on what is stored', async () => {
  let registered = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const storage = new SharedStorage();
      const clock = new FakeClock();
      const errors: unknown[] = [];
      const onBackgroundError = (error: unknown): void => void (isAppError(error) || errors.push(error));
      const open = (owner: string): Promise<Registry> =>
        createRegistry({ store: storage.open(owner), clock, historyEvents: 20, onBackgroundError });
      const registries = await Promise.all(['a', 'b', 'c'].map(open));
      const readers = registries.map((registry) => new Reader(registry));
      const under = new Set<Promise<void>>();
      for (const [index, next] of steps.entries()) {
        const registry = registries['at' in next ? next.at : index % 3];
        assert.ok(registry);
        const name = 'web';
        switch (next.do) {
          case 'register': {
            const { id: given, port, weight } = next;
            const place = { name, id: `i${given}`, address: '10.0.0.1', port: 80 + port };
            under.add(
              attempt(async () => {
                await registry.register({ ...place, weight, lease_ms: 2_000 });
                registered += 1;
              }),
            );
            break;
          }
          case 'deregister':
            under.add(attempt(() => registry.deregister(name, `i${next.id}`)));
            break;
          case 'renew':
            under.add(attempt(() => registry.renew(name, `i${next.id}`)));
            break;
          case 'maintenance':
          case 'passing':
          case 'critical': {
            const status = next.do;
            under.add(attempt(() => registry.setStatus(name, `i${next.id}`, status)));
            break;
          }
          case 'interrupt':
            storage.interrupt();
            break;
          case 'compact':
            storage.compact();
            break;
          case 'pass time':
            await clock.advanceAsync(400);
            break;
          case 'take turns':
            for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
            break;
          case 'read and resume':
            for (const reader of readers) reader.resume(registry, 1 + (index % 3));
            break;
          default:
            next satisfies never;
        }
      }
      // Every connection to the store is made anew within this time, so all is followed.
      for (let round = 0; round < 4; round += 1) await clock.advanceAsync(300);
      await Promise.all(under);
      await clock.advanceAsync(300);
      assert.deepEqual(errors, []);
      const { records, revision } = await storage.open('reader').load();
      const stored = records.flatMap(({ kind, key }) => (kind === 'instance' ? key : [])).sort();
      for (const registry of registries) {
        assert.equal(registry.revision, revision);
        assert.deepEqual(
          registry.listAll().map((instance) => `${instance.name}/${instance.id}`),
          stored,
        );
        assert.deepEqual(shown(registry.listAll()), shown(registries[0]?.listAll() ?? []));
        const ports = registry.listAll().map(({ port }) => port);
        assert.equal(new Set(ports).size, ports.length, 'one instance at an address and port');
      }
      for (const reader of readers) {
        reader.readAll();
        assert.deepEqual(shown(reader.known.values()), shown(registries[0]?.listAll() ?? []));
      }
      await Promise.all(registries.map((registry) => registry.close()));
    }),
    { numRuns: 200 },
  );
  assert.ok(registered > 1_000, `only ${registered} were registered`);
});
