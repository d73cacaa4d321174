import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { defaultRouteTimeouts } from '../../config/timeouts.ts';
import { type DeadlineVerdict, ExchangeDeadline, type Phase } from './exchange-deadline.ts';

function setUp(totalMs: number) {
  const clock = new FakeClock();
  const armed: number[] = [];
  const client = { unsentBytes: 0, setDeadline: (delayMs: number) => void armed.push(delayMs) };
  const totalDueMs = clock.monotonicMs() + totalMs;
  const parts = { clock, writeProgressMs: 120_000 };
  const deadline = new ExchangeDeadline(parts, client, defaultRouteTimeouts, 1_000, totalDueMs);
  return { clock, client, deadline, armed };
}

const endless = Number.POSITIVE_INFINITY;
const arriving = { ended: false, readFirst: false };

const table: readonly (readonly [string, Phase, number, boolean, boolean, DeadlineVerdict])[] = [
  ['no connection', 'connect', 0, false, true, 'attempt-late'],
  ['no answer', 'first-byte', 0, false, true, 'attempt-late'],
  ['silence in an answer', 'progress', 0, true, true, 'attempt-late'],
  ['silence in an answer while the request could continue', 'progress', 0, true, false, 'timed-out'],
  ['silence in a request', 'request-body', 0, false, false, 'request-late'],
  ['an upstream that takes nothing', 'upstream-write', 100, false, true, 'attempt-late'],
  ['an upstream that took something', 'upstream-write', 99, false, true, 'wait-on'],
  ['an upstream that took all', 'upstream-write', 0, false, true, 'wait-on'],
  ['a quiet tunnel', 'tunnel', 0, true, true, 'tunnel-quiet'],
];

for (const [what, phase, unsentBytes, started, requestEnded, verdict] of table) {
  test(`${what}: ${verdict}`, () => {
    const { client, deadline } = setUp(endless);
    if (phase === 'upstream-write') deadline.armWrite(phase, 30_000, 100);
    else deadline.arm(phase, 30_000);
    const answer = started ? 'started' : 'none';
    const body = requestEnded ? undefined : arriving;
    assert.equal(deadline.judge(answer, client, { unsentBytes }, body), verdict);
  });
}

test('the gateway waits for a client that reads something, not for one that reads nothing', () => {
  const { client, deadline } = setUp(endless);
  deadline.armWrite('client-write', 120_000, 70_000);
  client.unsentBytes = 69_999;
  assert.equal(deadline.judge('started', client, undefined, undefined), 'wait-on');
  client.unsentBytes = 70_000;
  assert.equal(deadline.judge('started', client, undefined, undefined), 'client-stalled');
});

test('the end of the whole exchange comes before that of a phase, whoever is slow; a tunnel has none', () => {
  const { armed, client, clock, deadline } = setUp(60_000);
  clock.advance(50_000);
  deadline.armWrite('client-write', 120_000, 70_000);
  assert.deepEqual([armed.at(-1), deadline.total], [10_000, true]);
  assert.equal(deadline.judge('started', client, undefined, undefined), 'attempt-late');
  assert.equal(deadline.timeoutPhase, 'total');
  // No attempt has begun that could be late while the request is read first.
  assert.equal(deadline.judge('none', client, undefined, { ended: false, readFirst: true }), 'request-late');
  deadline.arm('tunnel', 300_000);
  assert.deepEqual([armed.at(-1), deadline.total], [300_000, false]);
});

test('without a limit for the whole exchange, only phases end', () => {
  const { armed, clock, deadline } = setUp(endless);
  clock.advance(86_400_000);
  deadline.arm('progress', 30_000);
  assert.deepEqual([armed.at(-1), deadline.total], [30_000, false]);
});

test('a wait for the first byte is checked early, then less and less often until it times out', () => {
  const { armed, deadline } = setUp(endless);
  let looks = 0;
  const attempts = { silent: () => void (looks += 1) };
  deadline.arm('first-byte', 10_000);
  while (deadline.goesOn(attempts));
  assert.deepEqual(armed, [1_000, 2_000, 4_000, 3_000]);
  assert.equal(looks, 3);
});
