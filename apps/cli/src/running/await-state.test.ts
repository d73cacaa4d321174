import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ControlClient, ControlFailure, type ProcessReport } from '@flotilla/fleet/control';
import { FakeClock } from '@flotilla/testing';
import { Failed } from './answer.ts';
import { awaitEnd, awaitState } from './await-state.ts';

const process = (state: ProcessReport['state'], pid: number | null = 1): ProcessReport => ({
  name: 'a',
  program: 'a',
  role: 'service',
  singleBecause: null,
  state,
  why: state === 'restarting' ? 'crashed once' : null,
  whyIn: null,
  pid,
  port: null,
  url: null,
  uptimeMs: null,
  restarts: 0,
  cpuPercent: null,
  memoryBytes: null,
});

/** Answers with each of the states once, and then with the last; undefined: nobody answers. */
function setUp(...states: readonly (ProcessReport | undefined)[]) {
  const clock = new FakeClock();
  let asked = 0;
  const report = async () => {
    const state = states[Math.min(asked, states.length - 1)];
    asked += 1;
    if (state === undefined) throw new ControlFailure('gone', 'gone');
    setImmediate(() => clock.advance(1_000));
    return { processes: [state] };
  };
  // The one question that is asked.
  return { clock, client: { report } as unknown as ControlClient };
}

test('a restart waits until another process of the program is ready', async () => {
  const { client, clock } = setUp(
    process('ready', 1),
    process('stopping', 1),
    process('starting', 2),
    process('ready', 2),
  );
  const [done] = await awaitState(client, clock, ['a'], 'ready', new Map([['a', 1]]));
  assert.equal(done?.pid, 2);
});

test('a program that has finished its work counts as ready', async () => {
  const { client, clock } = setUp(process('starting'), process('done', null));
  assert.equal((await awaitState(client, clock, ['a'], 'ready', new Map()))[0]?.state, 'done');
});

test('a program that crashes while it starts is reported with where to look', async () => {
  const { client, clock } = setUp(process('starting'), process('restarting', null));
  await assert.rejects(
    awaitState(client, clock, ['a'], 'ready', new Map()),
    (error) => error instanceof Failed && error.message === 'a crashed once. For the reason: flotilla logs a',
  );
});

test('every wait has a time limit', async () => {
  const starting = setUp(process('starting'));
  await assert.rejects(
    awaitState(starting.client, starting.clock, ['a'], 'ready', new Map()),
    /After 30 s a is starting/,
  );
  const stopping = setUp(process('stopping'));
  await assert.rejects(awaitEnd(stopping.client, stopping.clock), /After 120 s still running: a/);
});

test('a fleet has ended when it no longer answers', async () => {
  const { client, clock } = setUp(process('stopping'), undefined);
  await awaitEnd(client, clock);
});
