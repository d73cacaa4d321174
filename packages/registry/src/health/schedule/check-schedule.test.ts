import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { CheckSchedule, type CheckScheduleOptions, type Scheduled } from './check-schedule.ts';

/** Random numbers that are the same in every run. */
function seeded(): () => number {
  let state = 42;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

interface Runs {
  readonly clock: FakeClock;
  readonly schedule: CheckSchedule<number>;
  /** When what ran. */
  readonly seen: { readonly atMs: number; readonly holder: number }[];
  readonly late: number[];
}

function scheduled(
  options: Partial<CheckScheduleOptions<number>> = {},
  takesMs: (holder: number) => number = () => 0,
): Runs {
  const clock = new FakeClock();
  const seen: { atMs: number; holder: number }[] = [];
  const late: number[] = [];
  const schedule = new CheckSchedule<number>({
    clock,
    random: seeded(),
    onLate: (holder) => late.push(holder),
    run: (holder) => {
      seen.push({ atMs: clock.monotonicMs(), holder });
      const { promise, resolve } = Promise.withResolvers<void>();
      if (takesMs(holder) === 0) resolve();
      else clock.after(takesMs(holder), resolve);
      return promise;
    },
    ...options,
  });
  return { clock, schedule, seen, late };
}

/** How many runs there were in each 100 ms. */
function buckets(seen: Runs['seen'], fromMs: number, toMs: number): number[] {
  const counts = Array.from({ length: (toMs - fromMs) / 100 }, () => 0);
  for (const { atMs } of seen) {
    const bucket = Math.floor((atMs - fromMs) / 100);
    if (atMs >= fromMs && atMs < toMs) counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

test('5,000 checks every 10 s that come at once are spread evenly from the first round on', async () => {
  const { clock, schedule, seen } = scheduled();
  for (let holder = 0; holder < 5_000; holder += 1) schedule.add(holder, 10_000, true);
  for (let step = 0; step < 60; step += 1) await clock.advanceAsync(1_000);
  const counts = buckets(seen, 0, 60_000);
  // 50 is the mean; twice as many while first runs come in between.
  assert.ok(Math.max(...counts) <= 110, `the fullest 100 ms had ${Math.max(...counts)}`);
  const settled = buckets(seen, 30_000, 60_000);
  assert.ok(Math.max(...settled) <= 75, `later the fullest 100 ms had ${Math.max(...settled)}`);
  assert.ok(Math.min(...settled) >= 25, `later the emptiest 100 ms had ${Math.min(...settled)}`);
});

test('what is known already after a restart waits for its regular time, evenly spread', async () => {
  const { clock, schedule, seen } = scheduled();
  for (let holder = 0; holder < 5_000; holder += 1) schedule.add(holder, 10_000, false);
  for (let step = 0; step < 20; step += 1) await clock.advanceAsync(1_000);
  const counts = buckets(seen, 0, 20_000);
  assert.ok(Math.max(...counts) <= 75, `the fullest 100 ms had ${Math.max(...counts)}`);
  assert.equal(new Set(seen.map(({ holder }) => holder)).size, 5_000);
});

test('one that is wanted at once runs at once, and then at its interval', async () => {
  const { clock, schedule, seen } = scheduled();
  await clock.advanceAsync(12_345);
  schedule.add(1, 10_000, true);
  for (let step = 0; step < 100; step += 1) await clock.advanceAsync(1_000);
  assert.equal(seen[0]?.atMs, 12_345);
  const pausesMs = seen.slice(2).map(({ atMs }, index) => atMs - (seen[index + 1]?.atMs ?? 0));
  assert.ok(pausesMs.length >= 7);
  for (const pauseMs of pausesMs) assert.ok(Math.abs(pauseMs - 10_000) <= 1_000, `a pause of ${pauseMs} ms`);
});

test('there is one timer, whatever is scheduled', () => {
  const { clock, schedule } = scheduled();
  for (let holder = 0; holder < 1_000; holder += 1) schedule.add(holder, 1_000 + holder, holder % 2 === 0);
  assert.equal(clock.pendingDelaysMs.length, 1);
});

test('what never answers does not hold up the others', async () => {
  const { clock, schedule, seen, late } = scheduled({ maxRunning: 20 }, (holder) => (holder < 500 ? 9_000 : 10));
  for (let holder = 0; holder < 600; holder += 1) schedule.add(holder, 10_000, false);
  for (let step = 0; step < 2_400; step += 1) await clock.advanceAsync(100);
  late.length = 0;
  seen.length = 0;
  for (let step = 0; step < 600; step += 1) await clock.advanceAsync(100);
  assert.deepEqual(
    late.filter((holder) => holder >= 500),
    [],
  );
  const healthy = seen.filter(({ holder }) => holder >= 500).length;
  assert.ok(healthy >= 590, `100 good ones ran ${healthy} times in 60 s`);
  assert.ok(schedule.running <= 20);
});

test('a run that takes longer than its interval does not overlap with itself', async () => {
  const { clock, schedule, seen } = scheduled({}, () => 2_500);
  schedule.add(1, 1_000, true);
  for (let step = 0; step < 100; step += 1) await clock.advanceAsync(100);
  assert.ok(seen.length >= 3 && seen.length <= 5, `${seen.length} runs in 10 s`);
});

test('after the program was away what fell due meanwhile does not run all at once', async () => {
  const clock = new FakeClock();
  const seen: number[] = [];
  const schedule = new CheckSchedule<number>({
    clock,
    random: seeded(),
    run: async () => void seen.push(clock.monotonicMs()),
  });
  for (let holder = 0; holder < 1_000; holder += 1) schedule.add(holder, 10_000, false);
  clock.stallNextTimer(30_000);
  for (let step = 0; step < 20; step += 1) await clock.advanceAsync(1_000);
  assert.ok(seen.length >= 1_000, `${seen.length} runs`);
  const counts = buckets(
    seen.map((atMs) => ({ atMs, holder: 0 })),
    30_000,
    50_000,
  );
  assert.ok(Math.max(...counts) <= 60, `the fullest 100 ms had ${Math.max(...counts)}`);
});

test('what was taken out runs no more', async () => {
  const { clock, schedule, seen } = scheduled();
  const items: Scheduled<number>[] = [1, 2, 3].map((holder) => schedule.add(holder, 1_000, false));
  for (const item of items.slice(1)) schedule.remove(item);
  await clock.advanceAsync(5_000);
  assert.deepEqual(new Set(seen.map(({ holder }) => holder)), new Set([1]));
});

test('a closed schedule leaves no timer behind', async () => {
  const { clock, schedule, seen } = scheduled();
  schedule.add(1, 1_000, true);
  schedule.close();
  await clock.advanceAsync(5_000);
  assert.deepEqual([seen.length, clock.pendingDelaysMs.length], [0, 0]);
});

test('what waits when a schedule closes does not run, however much it is', async () => {
  const { clock, schedule, seen } = scheduled({ maxRunning: 1 }, () => 100);
  for (let holder = 0; holder < 20_000; holder += 1) schedule.add(holder, 1_000, false);
  await clock.advanceAsync(1_050);
  const before = seen.length;
  schedule.close();
  await clock.advanceAsync(60_000);
  assert.equal(seen.length, before);
  assert.equal(schedule.running, 0);
});

test('one can be asked to run sooner, never later', async () => {
  const { clock, schedule, seen } = scheduled();
  const item = schedule.add(1, 60_000, true);
  await clock.advanceAsync(1);
  schedule.hasten(item, 5_000);
  schedule.hasten(item, 9_000);
  await clock.advanceAsync(5_000);
  assert.deepEqual(
    seen.map(({ atMs }) => atMs),
    [0, 5_001],
  );
});
