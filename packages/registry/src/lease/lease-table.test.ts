import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { type Lease, LeaseTable } from './lease-table.ts';

interface Seen {
  readonly holder: string;
  readonly atMs: number;
}

function table(clock: FakeClock, options: { batchSize?: number } = {}): { leases: LeaseTable<string>; seen: Seen[] } {
  const seen: Seen[] = [];
  const onExpired = (expired: readonly Lease<string>[]): void => {
    for (const { holder } of expired) seen.push({ holder, atMs: clock.monotonicMs() });
  };
  return { leases: new LeaseTable<string>({ clock, onExpired, ...options }), seen };
}

test('10,000 leases of different lengths each expire at their own millisecond, with one pending timer', () => {
  const clock = new FakeClock();
  const { leases, seen } = table(clock);
  for (let index = 0; index < 10_000; index += 1) leases.grant(String(index), 1_000 + ((index * 7_919) % 59_001));
  assert.equal(clock.pendingDelaysMs.length, 1);
  clock.advance(60_001);
  assert.equal(seen.length, 10_000);
  for (const { holder, atMs } of seen) assert.equal(atMs, 1_000 + ((Number(holder) * 7_919) % 59_001));
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('10,000 leases that expire together are handed over in batches, with a turn of the event loop in between', () => {
  const clock = new FakeClock();
  const sizes: number[] = [];
  const leases = new LeaseTable<number>({ clock, onExpired: (expired) => sizes.push(expired.length), batchSize: 512 });
  for (let index = 0; index < 10_000; index += 1) leases.grant(index, 5_000);
  clock.advance(4_999);
  assert.equal(sizes.length, 0);
  clock.advance(1);
  assert.equal(sizes.length, 20);
  assert.ok(sizes.every((size) => size <= 512));
  assert.equal(
    sizes.reduce((sum, size) => sum + size),
    10_000,
  );
});

test('a renewed lease lasts its full length from the renewal, and a storm of renewals creates no timers', () => {
  const clock = new FakeClock();
  let timersMade = 0;
  const counting: Clock = {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    after: (delayMs, run) => {
      timersMade += 1;
      return clock.after(delayMs, run);
    },
  };
  const expired: number[] = [];
  const leases = new LeaseTable<number>({
    clock: counting,
    onExpired: (all) => expired.push(...all.map((l) => l.holder)),
  });
  const held = Array.from({ length: 10_000 }, (_, index) => leases.grant(index, 3_000));
  for (let round = 0; round < 10; round += 1) {
    clock.advance(1_000);
    for (const lease of held) leases.renew(lease);
  }
  assert.deepEqual(expired, []);
  assert.ok(timersMade <= 6, `${timersMade} timers for 100,000 renewals`);
  clock.advance(2_999);
  assert.deepEqual(expired, []);
  clock.advance(1);
  assert.equal(expired.length, 10_000);
});

test('a lease that expires first moves the timer forward', () => {
  const clock = new FakeClock();
  const { leases, seen } = table(clock);
  leases.grant('long', 60_000);
  leases.grant('short', 1_000);
  clock.advance(1_000);
  assert.deepEqual(seen, [{ holder: 'short', atMs: 1_000 }]);
});

test('a lease that is released, or renewed with another length, follows that', () => {
  const clock = new FakeClock();
  const { leases, seen } = table(clock);
  const released = leases.grant('released', 1_000);
  const longer = leases.grant('longer', 1_000);
  const shorter = leases.grant('shorter', 9_000);
  leases.release(released);
  leases.renew(longer, 5_000);
  leases.renew(shorter, 2_000);
  clock.advance(10_000);
  assert.deepEqual(seen, [
    { holder: 'shorter', atMs: 2_000 },
    { holder: 'longer', atMs: 5_000 },
  ]);
});

test('an expired lease comes back when it is renewed', () => {
  const clock = new FakeClock();
  const { leases, seen } = table(clock);
  const lease = leases.grant('late', 1_000);
  clock.advance(1_000);
  assert.equal(leases.isRunning(lease), false);
  leases.renew(lease);
  assert.equal(leases.isRunning(lease), true);
  clock.advance(1_000);
  assert.deepEqual(
    seen.map(({ atMs }) => atMs),
    [1_000, 2_000],
  );
});

test('a jump of the wall clock neither ends nor extends a lease', () => {
  const clock = new FakeClock();
  const { leases, seen } = table(clock);
  leases.grant('steady', 1_000);
  clock.jumpWallClock(86_400_000);
  clock.advance(999);
  clock.jumpWallClock(-2 * 86_400_000);
  assert.deepEqual(seen, []);
  clock.advance(1);
  assert.equal(seen.length, 1);
});

test('leases that expire while the process is suspended get that time again, at most their own length', () => {
  const clock = new FakeClock();
  let standing: (() => void) | undefined;
  // A stopped process runs its timers late: this clock holds them back until the test lets go.
  const stopped: Clock = {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    after: (delayMs, run) => {
      standing ??= run;
      return clock.after(delayMs, () => (standing === run ? undefined : run()));
    },
  };
  const seen: Seen[] = [];
  const leases = new LeaseTable<string>({
    clock: stopped,
    onExpired: (all) => seen.push(...all.map(({ holder }) => ({ holder, atMs: clock.monotonicMs() }))),
  });
  leases.grant('short', 2_000);
  leases.grant('long', 60_000);
  clock.advance(12_000);
  standing?.();
  assert.deepEqual(seen, []);
  clock.advance(100_000);
  assert.deepEqual(seen, [
    { holder: 'short', atMs: 14_000 },
    { holder: 'long', atMs: 60_000 },
  ]);
});

test('a closed table calls nobody', () => {
  const clock = new FakeClock();
  const { leases, seen } = table(clock);
  leases.grant('a', 1_000);
  leases.close();
  leases.grant('b', 500);
  clock.advance(5_000);
  assert.deepEqual(seen, []);
});
