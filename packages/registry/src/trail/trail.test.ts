import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lastingStore } from '@flotilla/conformance';
import { FakeClock, fakeClockStartMs } from '@flotilla/testing';
import { createRegistry, type Registry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { Actor } from '../write/actor.ts';
import { Departures } from './departures.ts';
import { lineOf } from './trail-line-of.ts';

const operator: Actor = { via: 'api', client: '10.0.0.9' };
const web = { name: 'web', id: 'w1', address: '10.0.0.1', port: 80, lease_ms: 10_000 };

async function opened(t: TestContext): Promise<{ registry: Registry; clock: FakeClock; again(): Promise<Registry> }> {
  const clock = new FakeClock();
  const real = openSqliteStore({ file: ':memory:', clock: new FakeClock(0) });
  const store = lastingStore(real);
  const registry = await createRegistry({ store, clock });
  t.after(async () => {
    await registry.close();
    await real.close();
  });
  return {
    registry,
    clock,
    async again() {
      await registry.close();
      const next = await createRegistry({ store, clock });
      t.after(() => next.close());
      return next;
    },
  };
}

/** What happened since, the oldest first, without what all entries have. */
async function told(registry: Registry, query: { after?: number; service?: string } = {}): Promise<readonly unknown[]> {
  const { entries } = await registry.trail.read({ limit: 100, ...query });
  return entries.toReversed().map((entry) => {
    const { place: _, revision: _revision, at: _at, ...rest } = entry;
    return rest;
  });
}

test('the trail says what happened to an instance, who did it, when, and at which revision', async (t) => {
  const { registry, clock } = await opened(t);
  const { instance } = await registry.register(web, undefined, undefined, operator);
  clock.advance(1_000);
  await registry.register({ ...web, tags: ['blue'], metadata: { zone: 'a' } }, undefined, undefined, operator);
  await registry.setStatus('web', 'w1', 'maintenance', undefined, operator);
  await registry.setStatus('web', 'w1', 'passing', undefined, operator);
  await registry.setDraining('web', 'w1', true, undefined, operator);
  await registry.deregister('web', 'w1', { actor: operator });
  const about = { service: 'web', id: 'w1', by: operator };
  assert.deepEqual(await told(registry), [
    { what: 'added', ...about, address: '10.0.0.1', port: 80 },
    { what: 'changed', ...about, changed: ['tags', 'metadata'] },
    { what: 'maintenance', ...about },
    { what: 'maintenance-ended', ...about },
    { what: 'draining', ...about },
    {
      what: 'removed',
      ...about,
      address: '10.0.0.1',
      port: 80,
      reason: 'deregistered',
      last_seen: new Date(fakeClockStartMs + 1_000).toISOString(),
    },
  ]);
  const { entries } = await registry.trail.read({ limit: 100 });
  const [first, second] = entries.toReversed();
  assert.deepEqual([first?.revision, first?.at], [instance.revision, new Date(fakeClockStartMs).toISOString()]);
  assert.equal(second?.at, new Date(fakeClockStartMs + 1_000).toISOString());
});

test('what a check finds is told when the status changes, with its output, cut where it is long', async (t) => {
  const { registry } = await opened(t);
  await registry.register(web);
  const place = { name: 'web', id: 'w1' };
  await registry.checks.put(
    place,
    { check: 'db', status: 'passing', definition: { type: 'ttl', ttl_ms: 10_000 } },
    operator,
  );
  const { revision } = registry;
  await registry.checks.report({ ...place, check: 'db' }, { status: 'critical', output: 'x'.repeat(2_000) }, operator);
  await registry.checks.report({ ...place, check: 'db' }, { status: 'critical', output: 'the same' }, operator);
  await registry.checks.remove({ ...place, check: 'db' }, operator);
  const about = { service: 'web', id: 'w1', check: 'db', by: operator };
  assert.deepEqual(await told(registry, { after: revision }), [
    { what: 'status', ...about, from: 'passing', to: 'critical', output: 'x'.repeat(512) },
    { what: 'check-removed', ...about },
  ]);
});

test('renewals, registrations that say the same and the checks of an instance that goes are no news', async (t) => {
  const { registry } = await opened(t);
  await registry.register({ ...web, status: 'critical' }, undefined, undefined, operator);
  const { revision } = registry;
  registry.renew('web', 'w1');
  await registry.register(web, undefined, undefined, operator);
  assert.deepEqual(await told(registry, { after: revision }), []);
  await registry.deregister('web', 'w1', { actor: operator });
  assert.equal((await told(registry, { after: revision })).length, 1);
});

test('the registry ends a lease that has run out, and an instance that takes the place of another removes it', async (t) => {
  const { registry, clock } = await opened(t);
  await registry.register(web, undefined, undefined, operator);
  await clock.advanceAsync(10_000);
  await registry.register({ ...web, id: 'other', name: 'api' }, undefined, undefined, operator);
  await registry.register(web, undefined, undefined, { via: 'api', client: '10.0.0.7' });
  const { entries } = await registry.trail.read({ limit: 100 });
  const removed = entries.toReversed().flatMap((entry) => (entry.what === 'removed' ? [entry] : []));
  assert.deepEqual(
    removed.map(({ service, reason, by }) => [service, reason, by]),
    [
      ['web', 'expired', { via: 'registry' }],
      ['api', 'replaced', { via: 'api', client: '10.0.0.7' }],
    ],
  );
});

test('a write that is refused leaves no entry, and each service is found by its name', async (t) => {
  const { registry } = await opened(t);
  await registry.register(web);
  await registry.register({ name: 'api', address: '10.0.0.2', port: 80 });
  await assert.rejects(registry.deregister('web', 'nobody'));
  assert.equal((await told(registry)).length, 2);
  assert.equal((await told(registry, { service: 'api' })).length, 1);
  assert.equal((await told(registry, { service: 'unknown' })).length, 0);
});

test('the trail is there after a restart, and pages reach its beginning', async (t) => {
  const { registry, again } = await opened(t);
  for (let index = 0; index < 7; index += 1) await registry.register({ ...web, id: `w${index}`, port: 80 + index });
  const next = await again();
  const ids: unknown[] = [];
  for (let before: number | undefined = Number.MAX_SAFE_INTEGER; before !== undefined; ) {
    const page = await next.trail.read({ limit: 3, before });
    ids.push(...page.entries.map((entry) => ('id' in entry ? entry.id : undefined)));
    before = page.next;
  }
  assert.deepEqual(ids, ['w6', 'w5', 'w4', 'w3', 'w2', 'w1', 'w0']);
});

test('the last departures of each service are remembered, a bounded number of them', () => {
  const departures = new Departures();
  const removed = (service: string, id: string, atMs: number): void =>
    departures.take([
      lineOf(
        { what: 'removed', service, id, address: '10.0.0.1', port: 80, reason: 'expired', last_seen: '', by: operator },
        atMs,
      ),
      lineOf({ what: 'added', service, id, address: '10.0.0.1', port: 80, by: operator }, atMs),
    ]);
  for (let index = 0; index < 100; index += 1) removed('web', `w${index}`, index);
  assert.equal(departures.last('web')?.id, 'w99');
  assert.equal(departures.of('web').length, 32);
  for (let index = 0; index < 4_096; index += 1) removed(`s${index}`, 'a', index);
  assert.equal(departures.last('web'), undefined);
  assert.equal(departures.last('s4095')?.atMs, 4_095);
  departures.take([{ atMs: 1, text: '{"what":"removed"' }]);
});
