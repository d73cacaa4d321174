import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { advance, firstState, type ProcessEvent, type ProcessState } from './process-state.ts';

const policy = { firstDelayMs: 100, longestDelayMs: 1_000, healthyAfterMs: 5_000, stopLimitMs: 700 };
const stop: ProcessEvent = { kind: 'stop', limitMs: undefined };
const crash: ProcessEvent = { kind: 'exit', end: { code: 1, signal: null } };
const ready: ProcessEvent = { kind: 'ready', url: 'http://127.0.0.1:1' };

/** Follows a process through events, each at its own time. */
function follow(events: readonly (readonly [number, ProcessEvent])[]): ProcessState {
  let state: ProcessState = firstState;
  for (const [nowMs, event] of events) state = advance(state, event, nowMs, policy).state;
  return state;
}

test('a process that crashes is started again at once; one that keeps crashing waits twice as long each time', () => {
  const delays: number[] = [];
  let state: ProcessState = firstState;
  for (let crashes = 0; crashes < 6; crashes += 1) {
    state = advance(state, crash, 0, policy).state;
    assert.equal(state.kind, 'waiting');
    if (state.kind === 'waiting') delays.push(state.dueMs);
    state = advance(state, { kind: 'due' }, 0, policy).state;
  }
  assert.deepEqual(delays, [0, 100, 200, 400, 800, 1_000]);
});

test('a crash after a while of health is the first again, one before it is not', () => {
  const start = [
    [0, crash],
    [100, { kind: 'due' }],
    [200, ready],
  ] as const;
  assert.deepEqual(follow([...start, [5_199, crash]]), { kind: 'waiting', crashes: 2, wasReady: true, dueMs: 5_299 });
  assert.deepEqual(follow([...start, [5_200, crash]]), { kind: 'waiting', crashes: 1, wasReady: true, dueMs: 5_200 });
});

test('a wrong configuration is not tried again, unless the process has been ready before', () => {
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

test('a process that stops by itself is started again: the fleet is meant to run', () => {
  assert.equal(
    follow([
      [0, ready],
      [10, { kind: 'exit', end: { code: 0, signal: null } }],
    ]).kind,
    'waiting',
  );
});

test('stopping asks first and kills what remains after the time it may take, or when asked twice', () => {
  const ready: ProcessState = { kind: 'ready', crashes: 0, sinceMs: 0, url: '' };
  const asked = advance(ready, { kind: 'stop', limitMs: 9_000 }, 50, policy);
  assert.deepEqual(asked, { state: { kind: 'stopping', dueMs: 9_050 }, action: 'terminate' });
  assert.deepEqual(
    advance(ready, stop, 50, policy).state,
    { kind: 'stopping', dueMs: 750 },
    'it has not said how long',
  );
  assert.equal(advance(asked.state, { kind: 'due' }, 9_050, policy).action, 'kill');
  assert.equal(advance(asked.state, stop, 60, policy).action, 'kill');
  assert.equal(advance(asked.state, crash, 60, policy).state.kind, 'stopped');
});

test('a process that waits for its restart is simply not started any more', () => {
  const waiting = follow([[0, crash]]);
  assert.deepEqual(advance(waiting, stop, 1, policy), { state: { kind: 'stopped' }, action: 'none' });
});

test('whatever happens, nothing is spawned once a stop was asked for, and everything ends', () => {
  const event = fc.oneof(
    fc.constant<ProcessEvent>(ready),
    fc.constant<ProcessEvent>({ kind: 'due' }),
    fc.constant<ProcessEvent>(stop),
    fc.constant<ProcessEvent>({ kind: 'hung' }),
    fc.constantFrom(0, 1, 78).map((code): ProcessEvent => ({ kind: 'exit', end: { code, signal: null } })),
  );
  fc.assert(
    fc.property(fc.array(event), fc.array(event), (before, after) => {
      let state: ProcessState = firstState;
      for (const each of before) state = advance(state, each, 0, policy).state;
      state = advance(state, stop, 0, policy).state;
      for (const each of after) {
        const step = advance(state, each, 0, policy);
        assert.notEqual(step.action, 'spawn');
        state = step.state;
      }
      state = advance(state, crash, 0, policy).state;
      assert.ok(state.kind === 'stopped' || state.kind === 'misconfigured');
    }),
  );
});

test('a process that hangs is killed while it should run, and what follows is a crash like any other', () => {
  const ready: ProcessState = { kind: 'ready', crashes: 3, sinceMs: 0, url: '' };
  assert.deepEqual(advance(ready, { kind: 'hung' }, 9_000, policy), { state: ready, action: 'kill' });
  const stopping = advance(ready, stop, 0, policy).state;
  assert.deepEqual(advance(stopping, { kind: 'hung' }, 9_000, policy), { state: stopping, action: 'none' });
});
