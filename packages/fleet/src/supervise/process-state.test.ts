import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RestartRule } from '../config/fleet.ts';
import { advance, firstState, isDone, isOver, type ProcessEvent, type ProcessState } from './process-state.ts';

const always: RestartRule = { when: 'always', most: Number.POSITIVE_INFINITY };
const policy = { rule: always, firstDelayMs: 100, longestDelayMs: 1_000, healthyAfterMs: 5_000, stopLimitMs: 700 };
const spawned = advance(firstState, { kind: 'start' }, 0, policy).state;
const stop: ProcessEvent = { kind: 'stop', limitMs: undefined };
const crash: ProcessEvent = { kind: 'exit', end: { code: 1, signal: null } };
const ready: ProcessEvent = { kind: 'ready', url: 'http://127.0.0.1:1' };

/** Follows a process through events, each at its own time. */
function follow(events: readonly (readonly [number, ProcessEvent])[]): ProcessState {
  let state: ProcessState = spawned;
  for (const [nowMs, event] of events) state = advance(state, event, nowMs, policy).state;
  return state;
}

test('a crashed process restarts at once; if it keeps crashing, the delay doubles each time', () => {
  const delays: number[] = [];
  let state: ProcessState = spawned;
  for (let crashes = 0; crashes < 6; crashes += 1) {
    state = advance(state, crash, 0, policy).state;
    assert.equal(state.kind, 'waiting');
    if (state.kind === 'waiting') delays.push(state.dueMs);
    state = advance(state, { kind: 'due' }, 0, policy).state;
  }
  assert.deepEqual(delays, [0, 100, 200, 400, 800, 1_000]);
});

test('a crash after a healthy period counts as the first again, an earlier one does not', () => {
  const start = [
    [0, crash],
    [100, { kind: 'due' }],
    [200, ready],
  ] as const;
  assert.deepEqual(follow([...start, [5_199, crash]]), { kind: 'waiting', crashes: 2, wasReady: true, dueMs: 5_299 });
  assert.deepEqual(follow([...start, [5_200, crash]]), { kind: 'waiting', crashes: 1, wasReady: true, dueMs: 5_200 });
});

test('a wrong configuration is not retried, unless the process was ready before', () => {
  const misconfigured: ProcessEvent = { kind: 'exit', end: { code: 78, signal: null } };
  assert.equal(follow([[0, misconfigured]]).kind, 'misconfigured');
  assert.equal(
    follow([
      [0, crash],
      [100, { kind: 'due' }],
      [150, misconfigured],
    ]).kind,
    'misconfigured',
  );
  assert.equal(
    follow([
      [0, ready],
      [10, crash],
      [110, { kind: 'due' }],
      [150, misconfigured],
    ]).kind,
    'waiting',
  );
});

test('a process that exits by itself restarts, because the fleet should keep running', () => {
  assert.equal(
    follow([
      [0, ready],
      [10, { kind: 'exit', end: { code: 0, signal: null } }],
    ]).kind,
    'waiting',
  );
});

test('a process is asked to stop, and killed after its time limit or on a second stop', () => {
  const ready: ProcessState = { kind: 'ready', crashes: 0, sinceMs: 0, url: '' };
  const asked = advance(ready, { kind: 'stop', limitMs: 9_000 }, 50, policy);
  assert.deepEqual(asked, { state: { kind: 'stopping', dueMs: 9_050, next: 'stay' }, action: 'terminate' });
  assert.deepEqual(
    advance(ready, stop, 50, policy).state,
    { kind: 'stopping', dueMs: 750, next: 'stay' },
    'it has not said how long',
  );
  assert.equal(advance(asked.state, { kind: 'due' }, 9_050, policy).action, 'kill');
  assert.equal(advance(asked.state, stop, 60, policy).action, 'none');
  assert.equal(advance(asked.state, { kind: 'end' }, 60, policy).action, 'kill');
  assert.equal(advance(asked.state, crash, 60, policy).state.kind, 'stopped');
});

test('a process that is waiting to restart does not start once it is stopped', () => {
  const waiting = follow([[0, crash]]);
  assert.deepEqual(advance(waiting, stop, 1, policy), { state: { kind: 'stopped' }, action: 'none' });
});

test('after a stop nothing is spawned, whatever happens, and everything ends', () => {
  const event = fc.oneof(
    fc.constant<ProcessEvent>(ready),
    fc.constant<ProcessEvent>({ kind: 'due' }),
    fc.constant<ProcessEvent>(stop),
    fc.constant<ProcessEvent>({ kind: 'hung' }),
    fc.constant<ProcessEvent>({ kind: 'end' }),
    fc.constantFrom(0, 1, 78).map((code): ProcessEvent => ({ kind: 'exit', end: { code, signal: null } })),
  );
  const wish = fc.oneof(
    fc.constant<ProcessEvent>({ kind: 'start' }),
    fc.boolean().map((onTrial): ProcessEvent => ({ kind: 'restart', limitMs: undefined, onTrial })),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(event, wish)), fc.array(event), (before, after) => {
      let state: ProcessState = firstState;
      for (const each of before) state = advance(state, each, 0, policy).state;
      state = advance(state, stop, 0, policy).state;
      for (const each of after) {
        const step = advance(state, each, 0, policy);
        assert.notEqual(step.action, 'spawn');
        state = step.state;
      }
      state = advance(state, crash, 0, policy).state;
      assert.ok(isOver(state), state.kind);
    }),
  );
});

test('a hanging process is killed if it should run, which counts as a crash', () => {
  const ready: ProcessState = { kind: 'ready', crashes: 3, sinceMs: 0, url: '' };
  assert.deepEqual(advance(ready, { kind: 'hung' }, 9_000, policy), { state: ready, action: 'kill' });
  const stopping = advance(ready, stop, 0, policy).state;
  assert.deepEqual(advance(stopping, { kind: 'hung' }, 9_000, policy), { state: stopping, action: 'none' });
});

test('a process that restarts only on failure, or never, stays ended, and only success lets others start', () => {
  const end = (when: RestartRule['when'], code: number): ProcessState =>
    advance(spawned, { kind: 'exit', end: { code, signal: null } }, 0, { ...policy, rule: { when, most: 9 } }).state;
  assert.deepEqual(
    (['always', 'on-failure', 'never'] as const).map((when) => [end(when, 0).kind, end(when, 1).kind]),
    [
      ['waiting', 'waiting'],
      ['ended', 'waiting'],
      ['ended', 'ended'],
    ],
  );
  assert.equal(isDone(end('never', 0)), true);
  assert.equal(isDone(end('never', 1)), false);
});

test('restarts in a row stop at the limit, and a healthy period resets the count', () => {
  const limited = { ...policy, rule: { when: 'always', most: 2 } as const };
  let state = spawned;
  const happen = (event: ProcessEvent, nowMs = 0): string => {
    state = advance(state, event, nowMs, limited).state;
    return state.kind;
  };
  for (let restart = 0; restart < 2; restart += 1) {
    assert.equal(happen(crash), 'waiting');
    assert.equal(happen({ kind: 'due' }), 'starting');
  }
  const before = state;
  assert.equal(happen(crash), 'ended');
  state = before;
  happen(ready, 1_000);
  assert.equal(happen(crash, 6_000), 'waiting');
});

test('a restart stops a running process first; a waiting or ended one starts at once', () => {
  const again: ProcessEvent = { kind: 'restart', limitMs: 300, onTrial: false };
  const stopping = advance(spawned, again, 0, policy);
  assert.deepEqual(stopping, { state: { kind: 'stopping', dueMs: 300, next: 'start' }, action: 'terminate' });
  assert.equal(advance(stopping.state, crash, 5, policy).action, 'spawn');
  const stayed = advance(stopping.state, stop, 5, policy).state;
  assert.equal(advance(stayed, crash, 6, policy).state.kind, 'stopped', 'a stop has the last word');
  const back = advance(stayed, { kind: 'start' }, 6, policy).state;
  assert.equal(advance(back, crash, 7, policy).action, 'spawn', 'and so has a start');
  assert.equal(advance(follow([[0, crash]]), again, 5, policy).action, 'spawn');
  assert.equal(advance({ kind: 'stopped' }, again, 5, policy).action, 'spawn');
  assert.equal(advance(firstState, again, 5, policy).action, 'none', 'its turn has not come');
});

test('a process on trial that ends before it is ready waits for the next change; once ready, it is like any other', () => {
  const trial = advance({ kind: 'stopped' }, { kind: 'restart', limitMs: undefined, onTrial: true }, 0, policy).state;
  assert.equal(advance(trial, crash, 5, policy).state.kind, 'ended');
  assert.equal(advance(advance(trial, ready, 5, policy).state, crash, 6, policy).state.kind, 'waiting');
});
