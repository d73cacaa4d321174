import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lastingStore } from '@flotilla/conformance';
import { FakeClock } from '@flotilla/testing';
import type { GuardSettings } from '../guard/guard-view.ts';
import { createRegistry, type Registry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { Notice } from './options.ts';

const leaseMs = 30_000;
const holdMs = 60_000;

/** A registry with a fleet whose members renew every third of their lease, until they are told to be silent. */
class Fleet {
  readonly clock = new FakeClock();
  readonly notices: Notice[] = [];
  readonly #store: ReturnType<typeof openSqliteStore>;
  readonly #guard: Partial<GuardSettings>;
  registry!: Registry;
  readonly #silent = new Set<string>();
  readonly #members: (readonly [name: string, id: string, phaseMs: number])[] = [];

  constructor(t: TestContext, guard: Partial<GuardSettings> = { holdMs }) {
    this.#guard = guard;
    const real = openSqliteStore({ file: ':memory:', clock: new FakeClock(0) });
    this.#store = lastingStore(real);
    t.after(async () => {
      await this.registry.close();
      await real.close();
    });
  }

  async start(): Promise<this> {
    const onNotice = (notice: Notice): void => void this.notices.push(notice);
    this.registry = await createRegistry({ store: this.#store, clock: this.clock, guard: this.#guard, onNotice });
    return this;
  }

  async restart(): Promise<void> {
    await this.registry.close();
    await this.start();
  }

  async add(name: string, count: number, first = 0): Promise<void> {
    for (let index = first; index < first + count; index += 1) {
      const id = `${name}-${index}`;
      const [address, port] = [`${name}.example`, 1 + index];
      await this.registry.register({ name, id, address, port, lease_ms: leaseMs });
      this.#members.push([name, id, (index % 10) * 1_000]);
    }
  }

  silence(name: string, count = Number.POSITIVE_INFINITY): void {
    const ids = this.#members.filter(([service]) => service === name).map(([, id]) => id);
    for (const id of ids.slice(0, count)) this.#silent.add(id);
  }

  revive(name: string, count = Number.POSITIVE_INFINITY): void {
    for (const id of [...this.#silent].filter((one) => one.startsWith(`${name}-`)).slice(0, count))
      this.#silent.delete(id);
  }

  /** Lets time pass, a second at a time, with the renewals that are due in it. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1_000) {
      await this.clock.advanceAsync(1_000);
      const nowMs = this.clock.monotonicMs();
      for (const [name, id, phaseMs] of this.#members)
        if (!this.#silent.has(id) && (nowMs + phaseMs) % 10_000 < 1_000 && this.registry.get(name, id) !== undefined)
          this.registry.renew(name, id);
      // Lets what was written in the background reach memory.
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  there(name: string): number {
    return this.registry.list(name).length;
  }

  suspects(name: string): number {
    return this.registry.list(name).filter(({ suspect_since }) => suspect_since !== undefined).length;
  }

  kinds(): readonly string[] {
    return this.notices.map(({ kind }) => kind).filter((kind) => kind.startsWith('guard'));
  }
}

test('when all fall silent none is removed, all are served as suspect, and come back by a sign of life', async (t) => {
  const fleet = await new Fleet(t).start();
  await fleet.add('web', 12);
  await fleet.add('api', 8);
  await fleet.pass(40_000);
  fleet.silence('web');
  fleet.silence('api');
  await fleet.pass(45_000);
  assert.deepEqual([fleet.there('web'), fleet.there('api')], [12, 8]);
  assert.deepEqual([fleet.suspects('web'), fleet.suspects('api')], [12, 8]);
  assert.ok(fleet.registry.pick('web')?.ready);
  const view = fleet.registry.guard.view;
  assert.ok(view.open && view.suspects === 20 && view.of === 20, JSON.stringify(view));
  const { revision } = fleet.registry;
  fleet.revive('web');
  fleet.revive('api');
  await fleet.pass(12_000);
  assert.deepEqual([fleet.there('web'), fleet.there('api'), fleet.suspects('web')], [12, 8, 0]);
  assert.ok(fleet.registry.revision > revision, 'watchers see that they are back');
  assert.deepEqual(fleet.kinds(), ['guard-opened', 'guard-closed']);
  const { entries } = await fleet.registry.trail.read({ limit: 100 });
  const whats = new Set(entries.map(({ what }) => what));
  for (const what of ['guard-opened', 'suspect', 'suspect-ended', 'guard-closed'] as const)
    assert.ok(whats.has(what), what);
});

test('a fleet that is really gone is given up after the hold, and not at once', async (t) => {
  const fleet = await new Fleet(t).start();
  await fleet.add('web', 100);
  await fleet.pass(40_000);
  fleet.silence('web');
  await fleet.pass(30_000);
  assert.equal(fleet.there('web'), 100);
  await fleet.pass(holdMs - 10_000);
  assert.equal(fleet.there('web'), 100);
  const left: number[] = [];
  for (let second = 0; second < 25; second += 1) {
    const before = fleet.there('web');
    await fleet.pass(1_000);
    left.push(before - fleet.there('web'));
  }
  assert.equal(fleet.there('web'), 0);
  assert.ok(Math.max(...left) <= 10, `removed in a second: ${left.join(' ')}`);
  const [, end] = fleet.notices;
  assert.ok(end?.kind === 'guard-closed' && end.end.removed === 100 && end.end.returned === 0);
  assert.equal(fleet.registry.trail.departed('web')[0]?.reason, 'expired');
});

test('a few that crash, a service of many, and a rolling restart at other addresses are removed at once', async (t) => {
  const fleet = await new Fleet(t).start();
  await fleet.add('web', 50);
  await fleet.add('other', 200);
  await fleet.pass(60_000);
  fleet.silence('web');
  await fleet.pass(31_000);
  assert.equal(fleet.there('web'), 0);
  assert.deepEqual(fleet.kinds(), []);

  const small = await new Fleet(t).start();
  await small.add('web', 6);
  await small.pass(40_000);
  small.silence('web', 4);
  await small.pass(31_000);
  assert.equal(small.there('web'), 2);

  const rolling = await new Fleet(t).start();
  await rolling.add('web', 10);
  await rolling.pass(40_000);
  for (let index = 0; index < 10; index += 1) {
    rolling.silence('web', index + 1);
    await rolling.add('web', 1, 100 + index);
    await rolling.pass(2_000);
  }
  await rolling.pass(31_000);
  assert.deepEqual([rolling.there('web'), rolling.kinds()], [10, []]);
});

test('that instances were heard twice in a moment does not make them silent soon after', async (t) => {
  const fleet = await new Fleet(t).start();
  await fleet.add('web', 10);
  await fleet.clock.advanceAsync(5);
  for (const { id } of fleet.registry.list('web')) fleet.registry.renew('web', id);
  const stock = { name: 'stock', id: 's', address: 'stock.example', port: 1, lease_ms: 5_000 };
  await fleet.registry.register(stock);
  await fleet.pass(6_000);
  assert.deepEqual([fleet.there('stock'), fleet.kinds()], [0, []]);
});

test('once as many new instances have come, those they stand for are given up; the rest is not', async (t) => {
  const fleet = await new Fleet(t).start();
  await fleet.add('web', 6);
  await fleet.add('api', 6);
  await fleet.pass(40_000);
  fleet.silence('web');
  fleet.silence('api');
  await fleet.pass(31_000);
  assert.deepEqual([fleet.suspects('web'), fleet.suspects('api')], [6, 6]);
  await fleet.add('web', 6, 50);
  await fleet.pass(5_000);
  assert.deepEqual([fleet.there('web'), fleet.suspects('web'), fleet.suspects('api')], [6, 0, 6]);
});

test('when most are back the others have a lease to come back, and an instance that crashes then is removed as usual', async (t) => {
  const fleet = await new Fleet(t, { holdMs: 600_000 }).start();
  await fleet.add('web', 20);
  await fleet.pass(40_000);
  fleet.silence('web');
  await fleet.pass(35_000);
  fleet.revive('web', 17);
  await fleet.pass(12_000);
  assert.equal(fleet.suspects('web'), 3);
  await fleet.pass(leaseMs + 2_000);
  assert.equal(fleet.there('web'), 17);
  assert.equal(fleet.registry.guard.view.open, false);
  fleet.silence('web', 19);
  fleet.revive('web', 17);
});

test('a restart of the registry in between keeps the suspects, and gives them no more time than they had', async (t) => {
  const fleet = await new Fleet(t).start();
  await fleet.add('web', 10);
  await fleet.pass(40_000);
  fleet.silence('web');
  await fleet.pass(32_000);
  assert.equal(fleet.suspects('web'), 10);
  await fleet.restart();
  assert.equal(fleet.registry.guard.view.open, true);
  assert.equal(fleet.there('web'), 10);
  await fleet.pass(holdMs - 30_000);
  fleet.revive('web', 4);
  await fleet.pass(11_000);
  assert.equal(fleet.suspects('web'), 6);
  await fleet.pass(40_000);
  assert.equal(fleet.there('web'), 4);
});

test('clients that fall silent again and again cannot hold it open: each is kept for one hold, and it ends', async (t) => {
  const fleet = await new Fleet(t).start();
  await fleet.add('web', 10);
  await fleet.pass(40_000);
  fleet.silence('web', 1);
  let longestMs = 0;
  let openSinceMs: number | undefined;
  for (let wave = 0; wave < 12; wave += 1) {
    await fleet.add(`noise${wave}`, 12);
    fleet.silence(`noise${wave}`);
    for (let second = 0; second < 20; second += 1) {
      await fleet.pass(1_000);
      const nowMs = fleet.clock.monotonicMs();
      openSinceMs = fleet.registry.guard.view.open ? (openSinceMs ?? nowMs) : undefined;
      longestMs = Math.max(longestMs, openSinceMs === undefined ? 0 : nowMs - openSinceMs);
    }
  }
  assert.equal(fleet.registry.get('web', 'web-0'), undefined);
  assert.ok(longestMs > 0 && longestMs <= 3 * holdMs + 30_000, `open for ${longestMs} ms`);
});

test('a share of 0 turns it off', async (t) => {
  const fleet = await new Fleet(t, { sharePercent: 0 }).start();
  await fleet.add('web', 10);
  fleet.silence('web');
  await fleet.pass(31_000);
  assert.equal(fleet.there('web'), 0);
});

test('a registry that was asleep gives no false alarm when it wakes', async (t) => {
  const fleet = await new Fleet(t).start();
  await fleet.add('web', 10);
  await fleet.pass(40_000);
  // A timer fires an hour late.
  fleet.clock.stallNextTimer(3_600_000);
  await fleet.pass(20_000);
  assert.deepEqual([fleet.there('web'), fleet.kinds()], [10, []]);
});
