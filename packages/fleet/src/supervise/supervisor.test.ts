import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { ProcessEnd } from './process-state.ts';
import { type FleetEvent, type ProcessListener, Supervisor } from './supervisor.ts';

const policy = { firstDelayMs: 100, longestDelayMs: 1_000, healthyAfterMs: 5_000, stopLimitMs: 700 };
const killed: ProcessEnd = { code: null, signal: 'SIGKILL' };

/** A supervisor whose processes are only noted: `spawned` has every start with its listener, `calls` what was done. */
function setUp(names: readonly string[], stopLast: readonly string[] = []) {
  const clock = new FakeClock();
  const spawned: { name: string; listener: ProcessListener }[] = [];
  const calls: string[] = [];
  const told: FleetEvent[] = [];
  const watches: { name: string; live: string; onHung: (silentMs: number) => void; over: boolean }[] = [];
  const supervisor = new Supervisor({
    names,
    stopLast,
    clock,
    policy,
    tell: (event) => told.push(event),
    watch(name, live, _process, onHung) {
      const watch = { name, live, onHung, over: false };
      watches.push(watch);
      return { stop: () => void (watch.over = true) };
    },
    spawn(name, listener) {
      spawned.push({ name, listener });
      calls.push(`spawn ${name}`);
      return {
        pid: spawned.length,
        terminate: () => calls.push(`terminate ${name}`),
        kill: () => calls.push(`kill ${name}`),
      };
    },
  });
  const last = (name: string): ProcessListener =>
    spawned.findLast((each) => each.name === name)?.listener ?? assert.fail(`${name} was not spawned`);
  const kinds = (): string[] => told.map((event) => event.kind);
  return { clock, supervisor, calls, told, last, kinds, watches };
}

test('all processes are started at once, and all-ready is told once', () => {
  const { supervisor, calls, last, kinds, clock } = setUp(['a', 'b']);
  supervisor.start();
  assert.deepEqual(calls, ['spawn a', 'spawn b']);
  last('b').ready('http://b');
  assert.ok(!kinds().includes('all-ready'));
  last('a').ready('http://a');
  last('a').exited(killed);
  clock.advance(100);
  last('a').ready('http://a');
  assert.equal(kinds().filter((kind) => kind === 'all-ready').length, 1);
});

test('a killed process is started again at once, at its second death in a row later; the others are left alone', () => {
  const { supervisor, calls, last, told, clock } = setUp(['a', 'b']);
  supervisor.start();
  last('a').ready('http://a');
  last('a').exited(killed);
  assert.deepEqual(told.at(-1), { kind: 'crashed', name: 'a', end: killed, restartInMs: 0 });
  clock.advance(0);
  assert.deepEqual(calls, ['spawn a', 'spawn b', 'spawn a']);
  last('a').exited(killed);
  assert.deepEqual(told.at(-1), { kind: 'crashed', name: 'a', end: killed, restartInMs: 100 });
  clock.advance(99);
  assert.equal(calls.length, 3);
  clock.advance(1);
  assert.equal(calls.length, 4);
});

test('a program is given the time to stop that it says it needs, until it is killed', () => {
  const { supervisor, calls, last, told, clock } = setUp(['a', 'b']);
  supervisor.start();
  last('a').configured(30_000);
  supervisor.stop();
  clock.advance(700);
  assert.deepEqual(calls.slice(2), ['terminate a', 'terminate b', 'kill b']);
  clock.advance(30_299);
  assert.equal(calls.length, 5);
  clock.advance(1);
  assert.deepEqual(calls.slice(5), ['kill a']);
  assert.deepEqual(told.at(-1), { kind: 'overdue', name: 'a', limitMs: 31_000 });
});

test('a process that serves is watched: it is killed when it hangs, and started again', () => {
  const { supervisor, calls, last, told, watches, clock } = setUp(['a']);
  supervisor.start();
  last('a').ready('http://a', 'http://here/livez');
  assert.equal(watches[0]?.live, 'http://here/livez');
  watches[0]?.onHung(30_000);
  assert.deepEqual(told.at(-1), { kind: 'hung', name: 'a', silentMs: 30_000 });
  assert.deepEqual(calls.slice(1), ['kill a']);
  last('a').exited(killed);
  clock.advance(0);
  assert.deepEqual(calls.slice(1), ['kill a', 'spawn a']);
  assert.equal(watches[0]?.over, true);
  last('a').ready('http://a', 'http://here/livez');
  supervisor.stop();
  assert.equal(watches[1]?.over, true, 'it may be silent while it stops');
});

test('stop terminates all, kills what is left after the grace period, and then says that nothing is left', () => {
  const { supervisor, calls, last, kinds, clock } = setUp(['a', 'b', 'c']);
  supervisor.start();
  last('c').exited(killed);
  supervisor.stop();
  last('a').exited({ code: 0, signal: null });
  clock.advance(700);
  assert.deepEqual(calls.slice(3), ['terminate a', 'terminate b', 'kill b']);
  assert.ok(!kinds().includes('all-stopped'));
  last('b').exited(killed);
  assert.equal(kinds().at(-1), 'all-stopped');
  clock.advance(60_000);
  assert.equal(calls.filter((call) => call.startsWith('spawn')).length, 3);
});

test('a wrong configuration is told, and the process is not started again', () => {
  const { supervisor, calls, last, kinds, clock } = setUp(['a', 'b']);
  supervisor.start();
  last('a').exited({ code: 78, signal: null });
  assert.equal(kinds().at(-1), 'misconfigured');
  clock.advance(60_000);
  assert.deepEqual(calls, ['spawn a', 'spawn b']);
  supervisor.stop();
  last('b').exited({ code: 0, signal: null });
  assert.equal(kinds().at(-1), 'all-stopped');
});

test('what is to be stopped last is asked when all others are gone, and a second stop ends all at once', () => {
  const { supervisor, calls, last } = setUp(['registry', 'a'], ['registry']);
  supervisor.start();
  supervisor.stop();
  assert.deepEqual(calls.slice(2), ['terminate a']);
  last('a').exited({ code: 0, signal: null });
  assert.deepEqual(calls.slice(3), ['terminate registry']);

  const hurried = setUp(['registry', 'a'], ['registry']);
  hurried.supervisor.start();
  hurried.supervisor.stop();
  hurried.supervisor.stop();
  assert.deepEqual(hurried.calls.slice(2), ['terminate a'], 'told twice, but not in a hurry');
  hurried.supervisor.stop(true);
  assert.deepEqual(hurried.calls.slice(3).toSorted(), ['kill a', 'kill registry', 'terminate registry']);
});
