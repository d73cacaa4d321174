import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { CacheState } from './cache-table.ts';
import { cacheTimes } from './cache-times.ts';
import { CacheTrust } from './cache-trust.ts';

/** The state of a database that can be away, and the instances that share it. */
class Shared implements CacheState {
  readonly clock = new FakeClock();
  readonly rows = new Map<string, string>([['generation', '0']]);
  isAway = false;
  #made = 0;
  readonly #newToken = (): string => `t${(this.#made += 1)}`;

  async instance(): Promise<CacheTrust> {
    const trust = new CacheTrust({ state: this, clock: this.clock, newToken: this.#newToken, times: cacheTimes });
    trust.start();
    await this.clock.advanceAsync(0);
    return trust;
  }

  get generation(): string | undefined {
    return this.rows.get('generation');
  }

  async read(): ReturnType<CacheState['read']> {
    this.#check();
    const cuts = [...this.rows].filter(([name]) => name !== 'generation');
    return { generation: this.generation, cuts: cuts.map(([name, value]) => ({ name, value })) };
  }

  async begin(generation: string): Promise<void> {
    this.#check();
    this.rows.set('generation', generation);
  }

  async announce({ name, value }: { name: string; value: string }): Promise<boolean> {
    this.#check();
    const known = this.rows.has(name);
    this.rows.set(name, value);
    return known;
  }

  async withdraw(name: string, generation: string): Promise<void> {
    this.#check();
    this.rows.delete(name);
    this.rows.set('generation', generation);
  }

  async forget({ name, value }: { name: string; value: string }, generation: string): Promise<void> {
    if (this.rows.get(name) === value) await this.withdraw(name, generation);
  }

  #check(): void {
    if (this.isAway) throw new Error('away');
  }
}

test('all instances use the generation of the one that started last', async () => {
  const shared = new Shared();
  const one = await shared.instance();
  const before = one.generation;
  assert.notEqual(before, '0');
  const other = await shared.instance();
  assert.notEqual(other.generation, before);
  await shared.clock.advanceAsync(500);
  assert.equal(one.generation, other.generation);
});

test('an instance that cannot look trusts nothing after a second, however it began', async () => {
  const shared = new Shared();
  const one = await shared.instance();
  shared.isAway = true;
  await shared.clock.advanceAsync(999);
  assert.notEqual(one.generation, undefined);
  await shared.clock.advanceAsync(1);
  assert.equal(one.generation, undefined);
  shared.isAway = false;
  await shared.clock.advanceAsync(500);
  assert.notEqual(one.generation, undefined);
});

test('who is cut off waits once until all have seen it; then its writes wait no more', async () => {
  const shared = new Shared();
  const [writer, reader] = [await shared.instance(), await shared.instance()];
  await shared.clock.advanceAsync(490);
  let isCovered = false;
  const covered = writer.cover().then(() => (isCovered = true));
  await shared.clock.advanceAsync(cacheTimes.trustMs + cacheTimes.marginMs - 1);
  assert.equal(isCovered, false);
  assert.equal(reader.generation, undefined, 'seen before the writer goes on');
  await shared.clock.advanceAsync(1);
  await covered;
  assert.ok(writer.isCovered);
  await writer.cover();
  // It says so again all the time, and so remains known.
  await shared.clock.advanceAsync(60_000);
  assert.ok(writer.isCovered);
  assert.equal(reader.generation, undefined);
});

test('when it can reach Redis again, a new generation begins, and nobody uses the old one', async () => {
  const shared = new Shared();
  const [writer, reader] = [await shared.instance(), await shared.instance()];
  await shared.clock.advanceAsync(500);
  const before = reader.generation;
  const covered = writer.cover();
  await shared.clock.advanceAsync(1_100);
  await covered;
  await writer.rejoin();
  assert.equal(writer.isCovered, false);
  assert.equal(writer.generation, undefined, 'not before it has looked');
  await shared.clock.advanceAsync(1_000);
  assert.notEqual(reader.generation, undefined);
  assert.notEqual(reader.generation, before);
  assert.equal(writer.generation, reader.generation);
});

test('while it rejoins, a write that cannot remove its value makes it cut off anew', async () => {
  const shared = new Shared();
  const writer = await shared.instance();
  const first = writer.cover();
  await shared.clock.advanceAsync(1_100);
  await first;
  const rejoining = writer.rejoin();
  let isCovered = false;
  const second = writer.cover().then(() => (isCovered = true));
  await rejoining;
  await shared.clock.advanceAsync(1_000);
  assert.equal(isCovered, false, 'the row of the first time is gone');
  await shared.clock.advanceAsync(200);
  await second;
  assert.equal(shared.rows.size, 2);
});

test('an instance that was killed while it was cut off is forgotten, and a generation begins', async () => {
  const shared = new Shared();
  const reader = await shared.instance();
  shared.rows.set('cut-gone', 'last');
  await shared.clock.advanceAsync(25_000);
  assert.equal(reader.generation, undefined);
  const before = shared.generation;
  await shared.clock.advanceAsync(10_000);
  assert.notEqual(reader.generation, undefined);
  assert.notEqual(shared.generation, before);
});

test('a database that cannot be told fails the write after a while, and is told as soon as it is back', async () => {
  const shared = new Shared();
  const writer = await shared.instance();
  shared.isAway = true;
  const outcome = writer.cover().then(
    () => 'covered',
    (error: { code: string }) => error.code,
  );
  await shared.clock.advanceAsync(5_000);
  assert.equal(await outcome, 'STORAGE_UNAVAILABLE');
  shared.isAway = false;
  await shared.clock.advanceAsync(200);
  assert.equal(shared.rows.size, 2);
});

test('an instance that stops leaves no row behind', async () => {
  const shared = new Shared();
  const writer = await shared.instance();
  const covered = writer.cover();
  await shared.clock.advanceAsync(1_100);
  await covered;
  await writer.close();
  assert.deepEqual([...shared.rows.keys()], ['generation']);
  assert.deepEqual(shared.clock.pendingDelaysMs, []);
});
