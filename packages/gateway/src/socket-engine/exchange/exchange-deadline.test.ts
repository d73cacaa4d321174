import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { defaultRouteTimeouts } from '../../config/timeouts.ts';
import type { ClientSide } from '../sides/client-side.ts';
import { type DeadlineVerdict, ExchangeDeadline, type Phase } from './exchange-deadline.ts';

function setUp(totalMs: number) {
  const clock = new FakeClock();
  const armed: number[] = [];
  const client = { unsentBytes: 0, setDeadline: (delayMs: number) => void armed.push(delayMs) };
  // No more of a client is used.
  const deadline = new ExchangeDeadline(
    { clock, writeProgressMs: 120_000 },
    client as unknown as ClientSide,
    { ...defaultRouteTimeouts, totalMs },
    1_000,
  );
  return { clock, client, deadline, armed };
}

const table: readonly (readonly [string, Phase, number, boolean, boolean, DeadlineVerdict])[] = [
  ['no connection', 'connect', 0, false, true, 'attempt-late'],
  ['no answer', 'first-byte', 0, false, true, 'attempt-late'],
  ['silence in an answer', 'progress', 0, true, true, 'attempt-late'],
  ['silence in an answer while the request could go on', 'progress', 0, true, false, 'timed-out'],
  ['silence in a request', 'request-body', 0, false, false, 'request-late'],
  ['an upstream that takes nothing', 'upstream-write', 100, false, true, 'attempt-late'],
  ['an upstream that took something', 'upstream-write', 99, false, true, 'wait-on'],
  ['an upstream that took all', 'upstream-write', 0, false, true, 'wait-on'],
  ['a quiet tunnel', 'tunnel', 0, true, true, 'tunnel-quiet'],
];

for (const [what, phase, unsentBytes, started, requestEnded, verdict] of table) {
  test(`${what}: ${verdict}`, () => {
    const { deadline } = setUp(0);
    if (phase === 'upstream-write') deadline.armWrite(phase, 30_000, 100);
    else deadline.arm(phase, 30_000);
    assert.equal(deadline.judge(unsentBytes, started, requestEnded), verdict);
  });
}

test('a client that takes something is waited for, one that takes nothing is not', () => {
  const { client, deadline } = setUp(0);
  deadline.armWrite('client-write', 120_000, 70_000);
  client.unsentBytes = 69_999;
  assert.equal(deadline.judge(0, true, true), 'wait-on');
  client.unsentBytes = 70_000;
  assert.equal(deadline.judge(0, true, true), 'client-stalled');
});

test("the whole exchange's end comes before that of a phase, whoever is slow; a tunnel has none", () => {
  const { armed, clock, deadline } = setUp(60_000);
  clock.advance(50_000);
  deadline.armWrite('client-write', 120_000, 70_000);
  assert.deepEqual([armed.at(-1), deadline.total], [10_000, true]);
  assert.equal(deadline.judge(0, true, true), 'attempt-late');
  assert.equal(deadline.timeoutPhase, 'total');
  deadline.arm('tunnel', 300_000);
  assert.deepEqual([armed.at(-1), deadline.total], [300_000, false]);
});

test('without a limit of the whole only the phases end', () => {
  const { armed, clock, deadline } = setUp(0);
  clock.advance(86_400_000);
  deadline.arm('progress', 30_000);
  assert.deepEqual([armed.at(-1), deadline.total], [30_000, false]);
});
