import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cancelled, type Outcome, responseOutcome } from '../attempt/outcome.ts';
import { defaultHealthSettings } from '../config/health-settings.ts';
import { type Evidence, evidenceOf, InstanceHealth, type ProbeResult } from './instance-health.ts';

const settings = {
  ...defaultHealthSettings,
  failuresInARow: 3,
  silenceMs: 250,
  firstProbeMs: 100,
  longestProbeMs: 400,
};
const newHealth = (): InstanceHealth => new InstanceHealth(settings);

test('one faulty answer triggers a probe; a series of them sets the instance aside', () => {
  const health = newHealth();
  assert.deepEqual(health.attemptEnded('faulty', 0, 1), { kind: 'probe', inMs: 0 });
  assert.deepEqual(health.attemptEnded('faulty', 0, 2), { kind: 'nothing' }, 'it is being asked');
  assert.equal(health.attemptEnded('faulty', 0, 3).kind, 'set-aside');
  assert.equal(health.available, false);
});

test('a good answer restarts the count', () => {
  const health = newHealth();
  for (let at = 0; at < 20; at += 2) {
    health.attemptEnded('faulty', at, at);
    health.attemptEnded('answered', at + 1, at + 1);
  }
  assert.equal(health.available, true);
});

test('requests from before the last sign of life do not count against the instance', () => {
  const health = newHealth();
  health.attemptEnded('unreachable', 0, 10);
  health.probeBegan(110);
  assert.deepEqual(health.probeEnded('passed', 120), { kind: 'return' });
  for (let count = 0; count < 10; count += 1) health.attemptEnded('faulty', 5, 15_000);
  assert.equal(health.available, true);
});

test('a silence triggers a probe when nobody has had an answer meanwhile', () => {
  const health = newHealth();
  assert.deepEqual(health.silent(0, 249), { kind: 'nothing' });
  health.attemptEnded('answered', 0, 200);
  assert.deepEqual(health.silent(0, 250), { kind: 'nothing' });
  assert.deepEqual(health.silent(0, 450), { kind: 'probe', inMs: 0 });
});

test('a failed probe sets a silent instance aside, unless it has answered somebody meanwhile', () => {
  const busy = newHealth();
  busy.silent(0, 250);
  busy.attemptEnded('answered', 0, 300);
  assert.deepEqual(busy.probeEnded('failed', 750), { kind: 'nothing' });
  const frozen = newHealth();
  frozen.silent(0, 250);
  assert.deepEqual(frozen.probeEnded('failed', 750), { kind: 'set-aside', reason: 'probe-failed', probeInMs: 100 });
});

test('a probe that the gateway itself could not make says nothing', () => {
  const health = newHealth();
  health.silent(0, 250);
  assert.deepEqual(health.probeEnded('unknown', 300), { kind: 'nothing' });
  assert.equal(health.available, true);
});

test('probes become rarer, also for an instance that passes them and fails its requests', () => {
  const health = newHealth();
  const waits: (number | undefined)[] = [];
  for (let round = 0; round < 5; round += 1) {
    const began = round * 10_000;
    health.attemptEnded('unreachable', began, began);
    health.probeBegan(began + 1_000);
    health.probeEnded('passed', began + 1_000);
    const order = health.attemptEnded('unreachable', began + 2_000, began + 2_000);
    waits.push(order.kind === 'set-aside' ? order.probeInMs : undefined);
    health.probeBegan(began + 3_000);
    health.probeEnded('passed', began + 3_000);
  }
  assert.deepEqual(waits, [200, 400, 400, 400, 400]);
  health.attemptEnded('answered', 60_000, 60_000);
  const order = health.attemptEnded('unreachable', 60_001, 60_001);
  assert.deepEqual(order, { kind: 'set-aside', reason: 'unreachable', probeInMs: 100 });
});

type Event =
  | { readonly kind: 'attempt'; readonly evidence: Evidence; readonly tookMs: number }
  | { readonly kind: 'silent'; readonly forMs: number }
  | { readonly kind: 'announced' }
  | { readonly kind: 'probe'; readonly result: ProbeResult };

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('attempt' as const),
    evidence: fc.constantFrom<Evidence>('answered', 'faulty', 'unreachable', 'none'),
    tookMs: fc.nat(2_000),
  }),
  fc.record({ kind: fc.constant('silent' as const), forMs: fc.nat(2_000) }),
  fc.constant({ kind: 'announced' as const }),
  fc.record({
    kind: fc.constant('probe' as const),
    result: fc.constantFrom<ProbeResult>('passed', 'failed', 'unknown'),
  }),
);

test('whatever happens, an instance that is set aside is probed, one probe at a time, and returns when it answers', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1_000), anyEvent), { maxLength: 60 }), (events) => {
      const health = newHealth();
      let nowMs = 10_000;
      const probe: { asked: 'no' | 'due' | 'on-its-way' } = { asked: 'no' };
      for (const [laterMs, event] of events) {
        nowMs += laterMs;
        const before = health.available;
        if (event.kind === 'probe') {
          if (probe.asked === 'no') continue;
          health.probeBegan(nowMs);
          probe.asked = 'no';
        }
        const order =
          event.kind === 'attempt'
            ? health.attemptEnded(event.evidence, nowMs - event.tookMs, nowMs)
            : event.kind === 'silent'
              ? health.silent(nowMs - event.forMs, nowMs)
              : event.kind === 'announced'
                ? health.announced(nowMs)
                : health.probeEnded(event.result, nowMs);
        if (order.kind === 'probe') {
          assert.notEqual(probe.asked, 'on-its-way', 'it is asked twice at a time');
          assert.ok(order.inMs <= settings.longestProbeMs);
          probe.asked = order.inMs === 0 ? 'on-its-way' : 'due';
        } else if (order.kind === 'set-aside') {
          assert.equal(order.probeInMs === undefined, probe.asked === 'on-its-way');
          if (order.probeInMs !== undefined) probe.asked = 'due';
        } else if (order.kind === 'return' && probe.asked === 'due') probe.asked = 'no';
        // What is said is what is so.
        assert.equal(order.kind === 'set-aside', before && !health.available);
        assert.equal(order.kind === 'return', !before && health.available);
        assert.ok(health.available || probe.asked !== 'no', 'set aside forever');
        const answered = event.kind === 'attempt' && event.evidence === 'answered';
        const passed = event.kind === 'probe' && event.result === 'passed';
        if (answered || passed) assert.ok(health.available);
        const harmless = event.kind === 'announced' || event.kind === 'silent';
        if (harmless) assert.equal(health.available, before);
      }
    }),
  );
});

const evidence: readonly (readonly [string, Outcome, Evidence])[] = [
  ['an answer', responseOutcome(200), 'answered'],
  ['an answer that tells of an error', responseOutcome(500), 'answered'],
  ['a refused connection', { kind: 'refused' }, 'unreachable'],
  ['a connection that our own side could not open', { kind: 'exhausted', cause: 'EMFILE' }, 'none'],
  ['a limit of our own', { kind: 'limited', limit: 'connectionsPerUpstream', most: 2 }, 'none'],
  ['no connection in time', { kind: 'timeout', phase: 'connect' }, 'unreachable'],
  ['a new connection that broke', { kind: 'reset', reused: false, responseStarted: false, bytesSent: 9 }, 'faulty'],
  ['a kept one, idle', { kind: 'reset', reused: true, responseStarted: false, bytesSent: 9 }, 'none'],
  ['a kept one, within an answer', { kind: 'reset', reused: true, responseStarted: true, bytesSent: 9 }, 'faulty'],
  ['an invalid answer', { kind: 'invalid', reason: 'x' }, 'faulty'],
  ['no answer in time', { kind: 'timeout', phase: 'first-byte' }, 'faulty'],
  ['an answer that stood still', { kind: 'timeout', phase: 'progress' }, 'faulty'],
  ['what was taken from it because a probe failed', { kind: 'timeout', phase: 'set-aside' }, 'none'],
  ['the end of all the time there was', { kind: 'timeout', phase: 'total' }, 'none'],
  ['a client that left', cancelled, 'none'],
];

for (const [what, outcome, says] of evidence) {
  test(`${what} means for an instance: ${says}`, () => assert.equal(evidenceOf(outcome), says));
}
