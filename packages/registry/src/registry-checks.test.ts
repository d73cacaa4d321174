import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { CheckDefinition } from '@flotilla/contracts';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { createRegistry, type Registry } from './registry.ts';
import type { Membership, Notice } from './state/options.ts';
import { openSqliteStore } from './store/sqlite-store.ts';

interface Opened {
  readonly clock: FakeClock;
  readonly registry: Registry;
  readonly told: Membership[];
  readonly notices: Notice[];
  /** Closes it, and opens another one on the same file. */
  restart(awayMs?: number): Promise<Registry>;
}

async function opened(t: TestContext): Promise<Opened> {
  const clock = new FakeClock();
  const told: Membership[] = [];
  const notices: Notice[] = [];
  const store = openSqliteStore({ file: ':memory:', clock });
  const open = (): Promise<Registry> =>
    createRegistry({
      // Closed by the last one alone: what is in memory does not outlive it.
      store: { ...bound(store), close: async () => {} },
      clock,
      random: () => 0.5,
      onMembership: (membership) => told.push(membership),
      onNotice: (notice) => notices.push(notice),
    });
  let registry = await open();
  t.after(async () => {
    await registry.close();
    await store.close();
  });
  return {
    clock,
    registry,
    told,
    notices,
    restart: async (awayMs = 0) => {
      await registry.close();
      clock.advance(awayMs);
      registry = await open();
      return registry;
    },
  };
}

/** The store's methods as own properties, so that one can be replaced. */
function bound<T extends object>(store: T): T {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    ownKeys: (target) => [...new Set([...Reflect.ownKeys(target), ...Reflect.ownKeys(Object.getPrototypeOf(target))])],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
}

interface Target {
  readonly port: number;
  code: number;
  requests: number;
}

async function target(t: TestContext): Promise<Target> {
  const server = createServer((_, response) => {
    state.requests += 1;
    response.statusCode = state.code;
    response.end(`said ${state.code}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo; // It listens on TCP.
  const state: Target = { port, code: 200, requests: 0 };
  return state;
}

function register(registry: Registry, port: number, ...checks: readonly CheckDefinition[]): Promise<unknown> {
  return registry.register({ name: 'web', id: 'one', address: '127.0.0.1', port, lease_ms: 0, checks });
}

/** Moves the clock, and lets what was read before a time was up count. */
async function advance(clock: FakeClock, byMs: number): Promise<void> {
  await clock.advanceAsync(byMs);
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets the next probe begin, and waits until it has ended. */
async function probed({ clock, registry }: Opened, { requests }: Target, now: () => Target): Promise<void> {
  const before = registry.checks.lastRun({ name: 'web', id: 'one', check: 'http' })?.atMs;
  for (let step = 0; step < 200 && now().requests === requests; step += 1) {
    await advance(clock, 100);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await waitUntil(
    'the probe has ended',
    () => registry.checks.lastRun({ name: 'web', id: 'one', check: 'http' })?.atMs !== before,
  );
  await new Promise((resolve) => setImmediate(resolve));
}

test('an instance whose HTTP check fails twice in a row gets no traffic, and gets it again when it is well', async (t) => {
  const all = await opened(t);
  const { registry } = all;
  const server = await target(t);
  await register(registry, server.port, { type: 'http', interval_ms: 10_000 });
  const next = (): Promise<void> => probed(all, { ...server }, () => server);
  await next();
  assert.equal(registry.pick('web')?.status, 'passing');
  server.code = 503;
  await next();
  assert.equal(registry.pick('web')?.status, 'passing');
  assert.match(
    registry.view.check('web', 'one', 'http')?.output ?? '',
    /503.*\nsaid 503\n\[not yet shown: failed 1 of 2/,
  );
  await next();
  await waitUntil('it is critical', () => registry.pick('web') === undefined);
  assert.match(registry.view.check('web', 'one', 'http')?.output ?? '', /503 Service Unavailable\nsaid 503$/);
  server.code = 200;
  await next();
  assert.match(registry.view.check('web', 'one', 'http')?.output ?? '', /\[not yet shown: passing in 5 s/);
  await next();
  await waitUntil('it is passing', () => registry.pick('web')?.status === 'passing');
  assert.deepEqual(
    all.notices.map((notice) => (notice.kind === 'check' ? notice.status : notice.kind)),
    ['critical', 'passing'],
  );
});

test('a result that changes nothing is no commit', async (t) => {
  const all = await opened(t);
  const server = await target(t);
  await register(all.registry, server.port, { type: 'http', interval_ms: 1_000 });
  const { revision } = all.registry;
  for (let round = 0; round < 5; round += 1) await probed(all, { ...server }, () => server);
  assert.equal(all.registry.revision, revision);
  assert.match(all.registry.view.check('web', 'one', 'http')?.output ?? '', /200 OK\nsaid 200/);
});

test('a check that is ended, and those of an instance that has gone, ask no more', async (t) => {
  const all = await opened(t);
  const server = await target(t);
  const place = { name: 'web', id: 'one', check: 'http' };
  await register(all.registry, server.port, { type: 'http', interval_ms: 1_000 });
  await probed(all, { ...server }, () => server);
  await all.registry.checks.remove(place);
  const { requests } = server;
  await advance(all.clock, 5_000);
  assert.equal(server.requests, requests);
  await register(all.registry, server.port, { type: 'http', interval_ms: 1_000 });
  await all.registry.deregister('web', 'one');
  await advance(all.clock, 5_000);
  assert.equal(server.requests, requests);
});

test('an instance that does not report in time is critical, and passing with the next report', async (t) => {
  const { clock, registry } = await opened(t);
  const place = { name: 'web', id: 'one', check: 'ttl' };
  await register(registry, 80, { type: 'ttl', ttl_ms: 5_000 });
  for (let round = 0; round < 4; round += 1) {
    await advance(clock, 4_000);
    await registry.checks.report(place, { status: 'passing' });
  }
  assert.equal(registry.get('web', 'one')?.status, 'passing');
  await advance(clock, 5_000);
  assert.equal(registry.get('web', 'one')?.status, 'critical');
  assert.equal(registry.view.check('web', 'one', 'ttl')?.output, 'No report within 5000 ms');
  await registry.checks.report(place, { status: 'passing', output: 'back' });
  assert.equal(registry.get('web', 'one')?.status, 'passing');
  assert.equal(registry.view.check('web', 'one', 'ttl')?.output, 'back');
});

test('after the registry itself was away, no check is critical because nobody could report to it', async (t) => {
  const { clock, registry } = await opened(t);
  await register(registry, 80, { type: 'ttl', ttl_ms: 5_000 });
  clock.stallNextTimer(60_000);
  await advance(clock, 5_000);
  assert.equal(registry.get('web', 'one')?.status, 'passing');
  await advance(clock, 5_000);
  assert.equal(registry.get('web', 'one')?.status, 'critical');
});

test('a status that was reported outlives a restart, and the time to report begins anew', async (t) => {
  const all = await opened(t);
  await register(all.registry, 80, { type: 'ttl', ttl_ms: 5_000 });
  await advance(all.clock, 4_000);
  const registry = await all.restart(60_000);
  assert.equal(registry.get('web', 'one')?.status, 'passing');
  await advance(all.clock, 4_900);
  assert.equal(registry.get('web', 'one')?.status, 'passing');
  await advance(all.clock, 200);
  assert.equal(registry.get('web', 'one')?.status, 'critical');
  const again = await all.restart();
  assert.equal(again.get('web', 'one')?.status, 'critical');
});

test('an instance that is critical for a second is removed if its check says so', async (t) => {
  const { clock, registry, told, notices } = await opened(t);
  await register(registry, 80, { type: 'ttl', ttl_ms: 5_000, deregister_after_ms: 1_000 });
  await advance(clock, 5_000);
  await advance(clock, 999);
  assert.equal(registry.get('web', 'one')?.status, 'critical');
  await advance(clock, 1);
  assert.equal(registry.get('web', 'one'), undefined);
  assert.deepEqual(told.at(-1), { kind: 'critical', name: 'web', id: 'one' });
  assert.deepEqual(notices.at(-1), {
    kind: 'critical-too-long',
    name: 'web',
    id: 'one',
    check: 'ttl',
    forMs: 1_000,
    output: 'No report within 5000 ms',
  });
});

test('an instance that is well again in time is not removed', async (t) => {
  const { clock, registry } = await opened(t);
  const place = { name: 'web', id: 'one', check: 'ttl' };
  await register(registry, 80, { type: 'ttl', ttl_ms: 5_000, deregister_after_ms: 2_000 });
  await advance(clock, 5_000);
  await advance(clock, 1_500);
  await registry.checks.report(place, { status: 'passing' });
  await advance(clock, 4_000);
  assert.equal(registry.get('web', 'one')?.status, 'passing');
});

test('after a restart a critical instance has time to show that it is well before it is removed', async (t) => {
  const all = await opened(t);
  await register(all.registry, 80, { type: 'ttl', ttl_ms: 5_000, deregister_after_ms: 2_000 });
  await advance(all.clock, 5_000);
  await advance(all.clock, 1_000);
  const registry = await all.restart(3_600_000);
  await advance(all.clock, 14_000);
  assert.equal(registry.get('web', 'one')?.status, 'critical');
  await advance(all.clock, 2_000);
  assert.equal(registry.get('web', 'one'), undefined);
});

test('a process whose own word changes every second changes its status a few times, and then twice a minute', async (t) => {
  const { clock, registry } = await opened(t);
  const token = 'a-token-of-web-one';
  await registry.register({ name: 'web', id: 'one', address: '127.0.0.1', port: 80 }, token);
  const changes: number[] = [];
  for (let second = 0; second < 180; second += 1) {
    const before = registry.get('web', 'one')?.status;
    registry.renew('web', 'one', token);
    await registry.setStatus('web', 'one', second % 2 === 0 ? 'critical' : 'passing', token);
    await advance(clock, 1_000);
    if (registry.get('web', 'one')?.status !== before) changes.push(second);
  }
  assert.ok(changes.length <= 5 + 2 * 3, `it changed ${changes.length} times`);
  assert.ok(changes.length >= 7, `it changed ${changes.length} times`);
});

test('a word that was held back is shown when its time has come, without being said again', async (t) => {
  const { clock, registry } = await opened(t);
  const place = { name: 'web', id: 'one', check: 'ttl' };
  await register(registry, 80, { type: 'ttl', ttl_ms: 600_000 });
  for (const status of ['passing', 'critical', 'passing', 'critical', 'passing', 'critical'] as const)
    await registry.checks.report(place, { status });
  await registry.checks.report(place, { status: 'passing', output: 'well' });
  assert.equal(registry.get('web', 'one')?.status, 'critical');
  assert.match(registry.view.check('web', 'one', 'ttl')?.output ?? '', /^well\n\[not yet shown: passing in 60 s/);
  await advance(clock, 60_000);
  assert.equal(registry.get('web', 'one')?.status, 'passing');
  assert.equal(registry.view.check('web', 'one', 'ttl')?.output, 'well');
});

test('a registry that closes leaves no timer and no probe behind', async (t) => {
  const { clock, registry } = await opened(t);
  await register(registry, 80, { type: 'ttl', ttl_ms: 5_000 }, { type: 'tcp', interval_ms: 1_000, port: 1 });
  await registry.close();
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('a report that came while the registry was busy counts, though it is read after the time is up', async (t) => {
  const { clock, registry } = await opened(t);
  await register(registry, 80, { type: 'ttl', ttl_ms: 5_000 });
  clock.advance(5_000);
  await registry.checks.report({ name: 'web', id: 'one', check: 'ttl' }, { status: 'passing' });
  await advance(clock, 4_000);
  assert.equal(registry.get('web', 'one')?.status, 'passing');
});

test('a check that is registered again as it is keeps its status, and wakes nobody', async (t) => {
  const { clock, registry } = await opened(t);
  const definition = { type: 'ttl', ttl_ms: 5_000, initial_status: 'critical' } as const;
  await register(registry, 80, definition);
  await registry.checks.report({ name: 'web', id: 'one', check: 'ttl' }, { status: 'passing' });
  const { revision } = registry;
  await register(registry, 80, { ...definition });
  await registry.checks.report({ name: 'web', id: 'one', check: 'ttl' }, { status: 'passing', output: 'still' });
  assert.equal(registry.revision, revision);
  // With another time to report it is another check, of the same status.
  await register(registry, 80, { ...definition, ttl_ms: 20_000 });
  assert.equal(registry.get('web', 'one')?.status, 'passing');
  await advance(clock, 19_000);
  assert.equal(registry.get('web', 'one')?.status, 'passing');
  await advance(clock, 1_000);
  assert.equal(registry.get('web', 'one')?.status, 'critical');
});

test('a new check that needs several successes waits for them', async (t) => {
  const all = await opened(t);
  const server = await target(t);
  const rules = { initial_status: 'critical', successes_before_passing: 3, interval_ms: 1_000 } as const;
  await register(all.registry, server.port, { type: 'http', ...rules });
  const statuses: unknown[] = [];
  for (let round = 0; round < 3; round += 1) {
    await probed(all, { ...server }, () => server);
    statuses.push(all.registry.get('web', 'one')?.status);
  }
  assert.deepEqual(statuses.slice(0, 2), ['critical', 'critical']);
  await waitUntil('it passes', () => all.registry.get('web', 'one')?.status === 'passing');
});

test('machines that fall silent together stay as they were, and are critical if that lasts', async (t) => {
  const { clock, registry, notices } = await opened(t);
  const names = ['a', 'b', 'c', 'd'];
  for (const [index, name] of names.entries())
    await registry.register({
      ...{ name, id: name, address: `10.0.0.${index + 1}`, port: 80, lease_ms: 0 },
      checks: [{ type: 'ttl', ttl_ms: 5_000, deregister_after_ms: 1_000 }],
    });
  const statuses = (): unknown[] => names.map((name) => registry.get(name, name)?.status);
  await advance(clock, 5_000);
  assert.deepEqual(statuses(), ['passing', 'passing', 'passing', 'passing']);
  assert.match(
    registry.view.check('a', 'a', 'ttl')?.output ?? '',
    /^No report within 5000 ms\n\[not yet shown: most machines have fallen silent together/,
  );
  assert.deepEqual(notices.at(-1), { kind: 'silence' });
  // Those that report again are believed, and the others too, then.
  for (const name of names.slice(1))
    await registry.checks.report({ name, id: name, check: 'ttl' }, { status: 'passing' });
  assert.deepEqual(notices.at(-1), { kind: 'silence-over' });
  await advance(clock, 4_900);
  for (const name of names.slice(1))
    await registry.checks.report({ name, id: name, check: 'ttl' }, { status: 'passing' });
  await advance(clock, 200);
  assert.deepEqual(statuses(), ['critical', 'passing', 'passing', 'passing']);
});

test('those that were believed first are taken back, and nobody is removed when machines are heard again', async (t) => {
  const { clock, registry } = await opened(t);
  const names = ['a', 'b', 'c', 'd'];
  const statuses = (): unknown[] => names.map((name) => registry.get(name, name)?.status);
  for (const [index, name] of names.entries()) {
    await registry.register({
      ...{ name, id: name, address: `10.0.0.${index + 1}`, port: 80, lease_ms: 0 },
      checks: [{ type: 'ttl', ttl_ms: 5_000, deregister_after_ms: 2_000 }],
    });
    await advance(clock, 500);
  }
  await advance(clock, 3_500);
  assert.deepEqual(statuses(), ['critical', 'critical', 'passing', 'passing']);
  await advance(clock, 500);
  assert.deepEqual(statuses(), ['passing', 'passing', 'passing', 'passing']);
  await advance(clock, 4_000);
  for (const name of names.slice(1))
    await registry.checks.report({ name, id: name, check: 'ttl' }, { status: 'passing' });
  await advance(clock, 4_000);
  assert.deepEqual(statuses(), ['critical', 'passing', 'passing', 'passing']);
});

test('machines that stay silent for 5 minutes are down', async (t) => {
  const { clock, registry } = await opened(t);
  const names = ['a', 'b', 'c', 'd'];
  for (const [index, name] of names.entries())
    await registry.register({
      ...{ name, id: name, address: `10.0.0.${index + 1}`, port: 80, lease_ms: 0 },
      checks: [{ type: 'ttl', ttl_ms: 5_000 }],
    });
  for (let round = 0; round < 58; round += 1) await advance(clock, 5_000);
  assert.equal(registry.get('a', 'a')?.status, 'passing');
  for (let round = 0; round < 4; round += 1) await advance(clock, 5_000);
  assert.equal(registry.get('a', 'a')?.status, 'critical');
});
