import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock, fakeClockStartMs } from './fake-clock.ts';

test('runs timers by due time, ties in the order they were made, each at its own time', () => {
  const clock = new FakeClock();
  const seen: string[] = [];
  clock.after(20, () => seen.push(`b@${clock.monotonicMs()}`));
  clock.after(10, () => seen.push(`a@${clock.monotonicMs()}`));
  clock.after(20, () => seen.push(`c@${clock.now() - fakeClockStartMs}`));
  clock.advance(19);
  assert.deepEqual(seen, ['a@10']);
  clock.advance(1);
  assert.deepEqual(seen, ['a@10', 'b@20', 'c@20']);
});

test('runs timers made by timers, within the same advance when they fall due', () => {
  const clock = new FakeClock();
  const seen: number[] = [];
  const again = (): void => {
    seen.push(clock.monotonicMs());
    clock.after(10, again);
  };
  clock.after(10, again);
  clock.advance(35);
  assert.deepEqual(seen, [10, 20, 30]);
  assert.deepEqual(clock.pendingDelaysMs, [5]);
});

test('forgets cancelled timers', () => {
  const clock = new FakeClock();
  clock.after(1, () => assert.fail('was cancelled')).cancel();
  clock.advance(2);
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('advanceAsync lets an await between two timers finish before the second', async () => {
  const clock = new FakeClock();
  const seen: number[] = [];
  void (async () => {
    for (let round = 0; round < 3; round += 1) {
      await new Promise<void>((resolve) => clock.after(10, resolve));
      await Promise.resolve();
      seen.push(clock.monotonicMs());
    }
  })();
  await clock.advanceAsync(30);
  assert.deepEqual(seen, [10, 20, 30]);
});

test('a jump of the wall clock moves neither timers nor measured time', () => {
  const clock = new FakeClock();
  clock.after(10, () => assert.fail('not due'));
  clock.jumpWallClock(-3_600_000);
  assert.equal(clock.now(), fakeClockStartMs - 3_600_000);
  assert.equal(clock.monotonicMs(), 0);
});

test('a stalled timer comes late, and so do those that fell due meanwhile', () => {
  const clock = new FakeClock();
  const seen: number[] = [];
  for (const delayMs of [10, 20, 500]) clock.after(delayMs, () => seen.push(clock.monotonicMs()));
  clock.stallNextTimer(100);
  clock.advance(50);
  assert.deepEqual(seen, [110, 110]);
  assert.equal(clock.monotonicMs(), 110);
  clock.advance(400);
  assert.deepEqual(seen, [110, 110, 500]);
});
