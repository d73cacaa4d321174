import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { FleetEvent } from './fleet-event.ts';
import type { ProcessEnd, RestartPolicy } from './process-state.ts';
import type { ProcessListener, SupervisedProcess } from './supervised-process.ts';
import { Supervisor } from './supervisor.ts';

const policy: RestartPolicy = {
  rule: { when: 'always', most: Number.POSITIVE_INFINITY },
  firstDelayMs: 100,
  longestDelayMs: 1_000,
  healthyAfterMs: 5_000,
  stopLimitMs: 700,
};
const killed: ProcessEnd = { code: null, signal: 'SIGKILL' };

/** A supervisor whose processes are only noted: `spawned` has every start with its listener, `calls` what was done. */
function setUp(processes: readonly (string | Partial<SupervisedProcess>)[]) {
  const clock = new FakeClock();
  const spawned: { name: string; listener: ProcessListener }[] = [];
  const calls: string[] = [];
  const told: FleetEvent[] = [];
  const watches: { name: string; live: string; onHung: (silentMs: number) => void; over: boolean }[] = [];
  const plain = { name: '', program: 'p', after: [], stopsLast: false, looksOn: false, policy };
  const complete = (each: string | Partial<SupervisedProcess>): SupervisedProcess =>
    typeof each === 'string' ? { ...plain, name: each } : { ...plain, ...each };
  const supervisor = new Supervisor(processes.map(complete), {
    clock,
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
        reload: () => calls.push(`reload ${name}`),
      };
    },
  });
  const last = (name: string): ProcessListener =>
    spawned.findLast((each) => each.name === name)?.listener ?? assert.fail(`${name} was not spawned`);
  const kinds = (): string[] => told.map((event) => event.kind);
  return { clock, supervisor, calls, told, last, kinds, watches, complete };
}

test('all processes start at once, and all-ready is reported once', () => {
  const { supervisor, calls, last, kinds, clock } = setUp(['a', 'b']);
  supervisor.startAll();
  assert.deepEqual(calls, ['spawn a', 'spawn b']);
  last('b').ready('http://b');
  assert.ok(!kinds().includes('all-ready'));
  last('a').ready('http://a');
  last('a').exited(killed);
  clock.advance(100);
  last('a').ready('http://a');
  assert.equal(kinds().filter((kind) => kind === 'all-ready').length, 1);
});

test('a killed process restarts at once, after its second crash in a row with a delay; the others keep running', () => {
  const { supervisor, calls, last, told, clock } = setUp(['a', 'b']);
  supervisor.startAll();
  last('a').ready('http://a');
  last('a').exited(killed);
  assert.deepEqual(told.at(-1), { kind: 'crashed', name: 'a', end: killed, ranMs: 0, restartInMs: 0 });
  clock.advance(0);
  assert.deepEqual(calls, ['spawn a', 'spawn b', 'spawn a']);
  last('a').exited(killed);
  assert.deepEqual(told.at(-1), { kind: 'crashed', name: 'a', end: killed, ranMs: 0, restartInMs: 100 });
  clock.advance(99);
  assert.equal(calls.length, 3);
  clock.advance(1);
  assert.equal(calls.length, 4);
});

test('a program gets the time that it asked for to stop before it is killed', () => {
  const { supervisor, calls, last, told, clock } = setUp(['a', 'b']);
  supervisor.startAll();
  last('a').configured(30_000);
  supervisor.stopAll();
  clock.advance(700);
  assert.deepEqual(calls.slice(2), ['terminate a', 'terminate b', 'kill b']);
  clock.advance(30_299);
  assert.equal(calls.length, 5);
  supervisor.stop('a');
  clock.advance(1);
  assert.deepEqual(calls.slice(5), ['kill a']);
  assert.deepEqual(told.at(-1), { kind: 'overdue', name: 'a', limitMs: 31_000 });
});

test('a serving process that hangs is killed and restarted', () => {
  const { supervisor, calls, last, told, watches, clock } = setUp(['a']);
  supervisor.startAll();
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
  supervisor.stopAll();
  assert.equal(watches[1]?.over, true, 'it may be silent while it stops');
});

test('stop terminates all processes, kills those left after the grace period, and reports when none is left', () => {
  const { supervisor, calls, last, kinds, clock } = setUp(['a', 'b', 'c']);
  supervisor.startAll();
  last('c').exited(killed);
  supervisor.stopAll();
  last('a').exited({ code: 0, signal: null });
  clock.advance(700);
  assert.deepEqual(calls.slice(3), ['terminate a', 'terminate b', 'kill b']);
  assert.ok(!kinds().includes('all-stopped'));
  last('b').exited(killed);
  assert.equal(kinds().at(-1), 'all-stopped');
  clock.advance(60_000);
  assert.equal(calls.filter((call) => call.startsWith('spawn')).length, 3);
});

test('a wrong configuration is reported, and the process is not restarted', () => {
  const { supervisor, calls, last, kinds, clock } = setUp(['a', 'b']);
  supervisor.startAll();
  last('a').exited({ code: 78, signal: null });
  assert.equal(kinds().at(-1), 'misconfigured');
  clock.advance(60_000);
  assert.deepEqual(calls, ['spawn a', 'spawn b']);
  supervisor.stopAll();
  last('b').exited({ code: 0, signal: null });
  assert.equal(kinds().at(-1), 'all-stopped');
});

test('a process that stops last is asked after all others have ended, and a second stop kills all at once', () => {
  const { supervisor, calls, last } = setUp([{ name: 'registry', stopsLast: true }, 'a']);
  supervisor.startAll();
  supervisor.stopAll();
  assert.deepEqual(calls.slice(2), ['terminate a']);
  last('a').exited({ code: 0, signal: null });
  assert.deepEqual(calls.slice(3), ['terminate registry']);

  const hurried = setUp([{ name: 'registry', stopsLast: true }, 'a']);
  hurried.supervisor.startAll();
  hurried.supervisor.stopAll();
  hurried.supervisor.stopAll();
  assert.deepEqual(hurried.calls.slice(2), ['terminate a'], 'told twice, but not in a hurry');
  hurried.supervisor.stopAll(true);
  assert.deepEqual(hurried.calls.slice(3).toSorted(), ['kill a', 'kill registry']);
});

test('what looks on stops after all others, those included that stop last: they still tell it what they do', () => {
  const dashboard = { name: 'dashboard', stopsLast: true, looksOn: true };
  const { supervisor, calls, last } = setUp([dashboard, { name: 'registry', stopsLast: true }, 'a']);
  supervisor.startAll();
  last('registry').ready('http://r');
  last('a').ready('http://a');
  supervisor.stopAll();
  last('a').exited({ code: 0, signal: null });
  assert.deepEqual(calls.slice(3), ['terminate a', 'terminate registry']);
  last('registry').exited({ code: 0, signal: null });
  assert.deepEqual(calls.slice(5), ['terminate dashboard']);
});

test('a process that waits for others starts when they are ready or finished, and stops before them', () => {
  const never: RestartPolicy = { ...policy, rule: { when: 'never', most: 0 } };
  const app = { name: 'app', after: ['database', 'migration'] };
  const { supervisor, calls, last } = setUp([app, { name: 'migration', policy: never }, 'database']);
  supervisor.startAll();
  assert.deepEqual(calls, ['spawn migration', 'spawn database']);
  last('database').ready('http://d');
  last('migration').exited({ code: 0, signal: null });
  assert.deepEqual(calls.slice(2), ['spawn app']);
  last('database').exited(killed);
  assert.equal(calls.length, 3, 'it runs on');
  last('app').ready('http://a');
  supervisor.stopAll();
  assert.deepEqual(calls.slice(3), ['terminate app']);
  last('app').exited({ code: 0, signal: null });
  assert.equal(supervisor.snapshot().at(-1)?.state.kind, 'stopped');
});

test('a process that waits for a failed one never starts, and a fleet with nothing left to run ends', () => {
  const never: RestartPolicy = { ...policy, rule: { when: 'never', most: 0 } };
  const { supervisor, calls, last, told, kinds } = setUp([
    { name: 'app', after: ['a'] },
    { name: 'a', policy: never },
  ]);
  supervisor.startAll();
  last('a').exited({ code: 3, signal: null });
  assert.deepEqual(told.at(-1), { kind: 'ended', name: 'a', end: { code: 3, signal: null }, onTrial: false });
  assert.deepEqual(calls, ['spawn a']);
  supervisor.stopAll();
  assert.equal(kinds().at(-1), 'all-stopped');

  const alone = setUp([{ name: 'a', policy: never }]);
  alone.supervisor.startAll();
  alone.last('a').exited({ code: 0, signal: null });
  assert.deepEqual(alone.kinds().slice(-2), ['all-ready', 'all-stopped']);
});

test('one process can be stopped, started and restarted while the fleet keeps running', () => {
  const { supervisor, calls, last, kinds, clock } = setUp(['a', 'b']);
  supervisor.startAll();
  last('a').ready('http://a');
  supervisor.stop('a');
  last('a').exited({ code: 0, signal: null });
  clock.advance(60_000);
  assert.deepEqual(calls.slice(2), ['terminate a']);
  assert.deepEqual(
    supervisor.snapshot().map(({ name, state, pid }) => [name, state.kind, pid]),
    [
      ['a', 'stopped', undefined],
      ['b', 'starting', 2],
    ],
  );
  supervisor.stop('b');
  last('b').exited({ code: 0, signal: null });
  assert.ok(!kinds().includes('all-stopped'), 'what was stopped may be started again');
  supervisor.start('a');
  last('a').ready('http://a');
  supervisor.restart('a');
  last('a').exited({ code: 0, signal: null });
  assert.deepEqual(calls.slice(4), ['spawn a', 'terminate a', 'spawn a']);
  assert.throws(() => supervisor.stop('c'), /no process is named c/);
  last('a').ready('http://a');
  supervisor.reload('a');
  supervisor.reload('b');
  assert.equal(calls.at(-1), 'reload a', 'and what does not run is not asked');
});

test('a manual restart does not count as a crash, and the next process starts as soon as the program has stopped', () => {
  const { supervisor, calls, last, kinds, clock } = setUp(['a']);
  supervisor.startAll();
  last('a').configured(5_000);
  supervisor.restart('a', { onTrial: true });
  clock.advance(5_999);
  assert.deepEqual(calls, ['spawn a', 'terminate a']);
  last('a').exited(killed);
  assert.deepEqual(calls.slice(2), ['spawn a']);
  assert.equal(supervisor.snapshot()[0]?.restarts, 0);
  last('a').exited({ code: 1, signal: null });
  clock.advance(60_000);
  assert.equal(kinds().at(-1), 'ended', 'the next change starts it, and the fleet waits for that');
  supervisor.restart('a', { onTrial: true });
  assert.equal(calls.at(-1), 'spawn a');
});

test('a process can join a running fleet and leave it', () => {
  const { supervisor, calls, last, complete } = setUp(['a']);
  supervisor.startAll();
  supervisor.add(complete('b'));
  assert.deepEqual(calls, ['spawn a', 'spawn b']);
  assert.throws(() => supervisor.add(complete('b')), /already exists/);
  supervisor.remove('b');
  supervisor.add(complete('b'));
  assert.deepEqual(calls.slice(2), ['terminate b']);
  last('b').exited({ code: 0, signal: null });
  assert.deepEqual(calls.slice(3), ['spawn b'], 'it comes when its predecessor has gone');
  supervisor.remove('b');
  last('b').exited({ code: 0, signal: null });
  assert.deepEqual(
    supervisor.snapshot().map(({ name }) => name),
    ['a'],
  );
});

test('what only looks on starts when the others are ready, and is not waited for', () => {
  const { supervisor, calls, last, kinds, clock } = setUp(['a', { name: 'page', looksOn: true }]);
  supervisor.startAll();
  assert.deepEqual(calls, ['spawn a']);
  last('a').ready('http://a');
  assert.deepEqual(calls, ['spawn a', 'spawn page']);
  assert.deepEqual(kinds(), ['started', 'ready', 'all-ready', 'started']);
  clock.advance(10_000);
  last('page').ready('http://page');
  assert.equal(kinds().filter((kind) => kind === 'all-ready').length, 1);
});

test('what only looks on also starts while others cannot, since then there is something to see', () => {
  const { supervisor, calls, clock } = setUp(['a', { name: 'page', looksOn: true }]);
  supervisor.startAll();
  clock.advance(4_999);
  assert.deepEqual(calls, ['spawn a']);
  clock.advance(1);
  assert.deepEqual(calls, ['spawn a', 'spawn page']);
});

test('a fleet in which all have ended ends, whatever looks on, and what looks on alone runs', () => {
  const never = { ...policy, rule: { when: 'never', most: Number.POSITIVE_INFINITY } } as const;
  const { supervisor, calls, last, kinds } = setUp([
    { name: 'a', policy: never },
    { name: 'page', looksOn: true },
  ]);
  supervisor.startAll();
  last('a').ready('http://a');
  last('a').exited({ code: 0, signal: null });
  assert.deepEqual(calls, ['spawn a', 'spawn page', 'terminate page']);
  assert.ok(!kinds().includes('all-stopped'));
  last('page').exited({ code: 0, signal: null });
  assert.equal(kinds().at(-1), 'all-stopped');
  const alone = setUp([{ name: 'page', looksOn: true }]);
  alone.supervisor.startAll();
  assert.deepEqual(alone.calls, ['spawn page']);
});
