import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { advance, defaultRestartPolicy, firstState, type ProcessEvent, type ProcessState } from './process-state.ts';

const policy = { firstDelayMs: 100, longestDelayMs: 1_000, healthyAfterMs: 5_000, stopGraceMs: 700 };
const crash: ProcessEvent = { kind: 'exit', end: { code: 1, signal: null } };
const ready: ProcessEvent = { kind: 'ready', url: 'http://127.0.0.1:1' };

/** Follows a process through events, each at its own time. */
function follow(events: readonly (readonly [number, ProcessEvent])[]): ProcessState {
  let state: ProcessState = firstState;
  for (const [nowMs, event] of events) state = advance(state, event, nowMs, policy).state;
  return state;
}

test('a process that keeps crashing waits twice as long each time, up to the longest delay', () => {
  const delays: number[] = [];
  let state: ProcessState = firstState;
  for (let crashes = 0; crashes < 6; crashes += 1) {
    state = advance(state, crash, 0, policy).state;
    assert.equal(state.kind, 'waiting');
    if (state.kind === 'waiting') delays.push(state.dueMs);
    state = advance(state, { kind: 'due' }, 0, policy).state;
  }
  assert.deepEqual(delays, [100, 200, 400, 800, 1_000, 1_000]);
});

test('a crash after a while of health waits the first delay again, one before it does not', () => {
  const start = [
    [0, crash],
    [100, { kind: 'due' }],
    [200, ready],
  ] as const;
  assert.deepEqual(follow([...start, [5_199, crash]]), { kind: 'waiting', crashes: 2, wasReady: true, dueMs: 5_399 });
  assert.deepEqual(follow([...start, [5_200, crash]]), { kind: 'waiting', crashes: 1, wasReady: true, dueMs: 5_300 });
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

test('stopping asks first and kills what remains after the grace period, or when asked twice', () => {
  const asked = advance({ kind: 'ready', crashes: 0, sinceMs: 0, url: '' }, { kind: 'stop' }, 50, policy);
  assert.deepEqual(asked, { state: { kind: 'stopping', dueMs: 750 }, action: 'terminate' });
  assert.equal(advance(asked.state, { kind: 'due' }, 750, policy).action, 'kill');
  assert.equal(advance(asked.state, { kind: 'stop' }, 60, policy).action, 'kill');
  assert.equal(advance(asked.state, crash, 60, policy).state.kind, 'stopped');
});

test('a process that waits for its restart is simply not started any more', () => {
  const waiting = follow([[0, crash]]);
  assert.deepEqual(advance(waiting, { kind: 'stop' }, 1, policy), { state: { kind: 'stopped' }, action: 'none' });
});

test('whatever happens, nothing is spawned once a stop was asked for, and everything ends', () => {
  const event = fc.oneof(
    fc.constant<ProcessEvent>(ready),
    fc.constant<ProcessEvent>({ kind: 'due' }),
    fc.constant<ProcessEvent>({ kind: 'stop' }),
    fc.constantFrom(0, 1, 78).map((code): ProcessEvent => ({ kind: 'exit', end: { code, signal: null } })),
  );
  fc.assert(
    fc.property(fc.array(event), fc.array(event), (before, after) => {
      let state: ProcessState = firstState;
      for (const each of before) state = advance(state, each, 0, policy).state;
      state = advance(state, { kind: 'stop' }, 0, policy).state;
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

test('two turns of the default grace period fit into the second that Ctrl-C may take', () => {
  assert.ok(2 * defaultRestartPolicy.stopGraceMs <= 950);
});
