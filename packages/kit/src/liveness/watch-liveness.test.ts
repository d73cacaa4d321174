import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { watchLiveness } from './watch-liveness.ts';

/** A watched process that answers while `answering`, and a machine that can be put to sleep. */
function setUp(limitMs = 30_000) {
  const clock = new FakeClock();
  let sleptMs = 0;
  const seen = { hung: [] as number[], asked: 0, answering: true, debugged: false };
  const watch = watchLiveness({
    // The machine's clock goes on while it sleeps, its timers do not.
    clock: {
      now: () => clock.now(),
      monotonicMs: () => clock.monotonicMs() + sleptMs,
      after: (delayMs, run) => clock.after(delayMs, run),
    },
    limitMs,
    answers: () => {
      seen.asked += 1;
      return Promise.resolve(seen.answering);
    },
    isDebugged: () => Promise.resolve(seen.debugged),
    onHung: (silentMs) => seen.hung.push(silentMs),
  });
  const sleepMachine = (forMs: number): void => {
    sleptMs += forMs;
  };
  return { clock, seen, watch, sleepMachine };
}

test('a process that answers is left alone, however long it runs', async () => {
  const { clock, seen } = setUp();
  await clock.advanceAsync(600_000);
  assert.deepEqual(seen.hung, []);
  assert.equal(seen.asked, 120);
});

test('a process that is silent for the limit is reported once; one that answers in between is not', async () => {
  const { clock, seen } = setUp();
  await clock.advanceAsync(10_000);
  seen.answering = false;
  await clock.advanceAsync(20_000);
  seen.answering = true;
  await clock.advanceAsync(5_000);
  seen.answering = false;
  await clock.advanceAsync(29_999);
  assert.deepEqual(seen.hung, []);
  await clock.advanceAsync(120_000);
  assert.deepEqual(seen.hung, [30_000]);
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('after the machine slept, or the supervisor was stopped, every process gets its full time again', async () => {
  const { clock, seen, sleepMachine } = setUp();
  await clock.advanceAsync(20_000);
  seen.answering = false;
  sleepMachine(8 * 3_600_000);
  await clock.advanceAsync(29_000);
  assert.deepEqual(seen.hung, []);
  seen.answering = true;
  await clock.advanceAsync(60_000);
  assert.deepEqual(seen.hung, []);
});

test('a process in a debugger may be silent', async () => {
  const { clock, seen } = setUp();
  seen.answering = false;
  seen.debugged = true;
  await clock.advanceAsync(600_000);
  assert.deepEqual(seen.hung, []);
  seen.debugged = false;
  await clock.advanceAsync(35_000);
  assert.equal(seen.hung.length, 1);
});

test('a stopped watch reports nothing more', async () => {
  const { clock, seen, watch } = setUp();
  seen.answering = false;
  await clock.advanceAsync(29_000);
  watch.stop();
  await clock.advanceAsync(60_000);
  assert.deepEqual(seen.hung, []);
  assert.deepEqual(clock.pendingDelaysMs, []);
});
