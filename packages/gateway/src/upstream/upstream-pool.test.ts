import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock, FakeDiscovery } from '@flotilla/testing';
import { cancelled, type Outcome, responseOutcome } from '../attempt/outcome.ts';
import { SmoothWeightedRoundRobin } from '../balance/smooth-weighted-round-robin.ts';
import type { Upstream } from './upstream.ts';
import { UpstreamPool } from './upstream-pool.ts';

const refused: Outcome = { kind: 'refused' };
const at = (id: string, port: number, extra: object = {}) => ({ id, address: '10.0.0.1', port, ...extra });

function setUp(...ids: string[]) {
  const clock = new FakeClock();
  const discovery = new FakeDiscovery();
  const durations: number[] = [];
  const pool = new UpstreamPool({
    service: 'ship',
    discovery,
    balancer: new SmoothWeightedRoundRobin<Upstream>(),
    clock,
    observer: { attemptEnded: (_upstream, _outcome, durationMs) => void durations.push(durationMs) },
  });
  if (ids.length > 0)
    discovery.set(
      'ship',
      ids.map((id, index) => at(id, 9_000 + index)),
    );
  const pickIds = (count: number, outcome: Outcome = responseOutcome(200)): string =>
    Array.from({ length: count }, () => {
      const pick = pool.pick();
      pick?.done(outcome);
      return pick?.upstream.id ?? '-';
    }).join('');
  return { clock, discovery, pool, pickIds, durations };
}

test('nothing is known until discovery answers; an empty answer is an answer', () => {
  const { discovery, pool } = setUp();
  assert.equal(pool.known, false);
  discovery.set('ship', []);
  assert.equal(pool.known, true);
  assert.equal(pool.pick(), undefined);
});

test('what is known of an instance outlives changes elsewhere and of its weight, not a change of its place', () => {
  const { discovery, pool } = setUp('a', 'b');
  const [a, b] = pool.upstreams;
  discovery.set('ship', [at('a', 9_000, { weight: 5 }), at('b', 9_999), at('c', 9_002)]);
  assert.equal(pool.upstreams[0], a);
  assert.equal(a?.weight, 5);
  assert.notEqual(pool.upstreams[1], b);
  assert.equal(b?.retired, true);
});

test('the engine is told when an upstream leaves', () => {
  const { discovery, pool } = setUp('a');
  let retired = 0;
  const pick = pool.pick();
  assert.ok(pick);
  pick.upstream.slot = { retire: () => void retired++ };
  discovery.set('ship', []);
  assert.equal(retired, 1);
  assert.equal(pool.pickAgain(pick.upstream), undefined);
  pick.done(responseOutcome(200));
});

test('instances stay when the registry goes away', () => {
  const { discovery, pickIds } = setUp('a', 'b');
  discovery.makeStale('ship');
  assert.equal(pickIds(2), 'ab');
});

test('an instance that refused is left alone for a short while, longer each time, until it answers', () => {
  const { clock, pool, pickIds } = setUp('a', 'b');
  pool.pick()?.done(refused);
  assert.equal(pickIds(3), 'bbb');
  clock.advance(250);
  const both = [pool.pick(), pool.pick()];
  const probe = both.find((pick) => pick?.upstream.id === 'a');
  assert.ok(probe);
  assert.equal(pickIds(2), 'bb', 'only one request probes');
  probe.done(refused);
  clock.advance(499);
  assert.equal(pickIds(2), 'bb');
  clock.advance(1);
  assert.ok(pickIds(2).includes('a'));
  assert.match(pickIds(4), /^(ab|ba){2}$/);
});

test('when every instance is set aside one of them is tried all the same', () => {
  const { pickIds } = setUp('a', 'b');
  assert.equal(pickIds(2, refused), 'ab');
  assert.notEqual(pickIds(1), '-');
});

const harmless: readonly Outcome[] = [
  cancelled,
  responseOutcome(500),
  { kind: 'timeout', phase: 'total' },
  { kind: 'exhausted', cause: 'EMFILE' },
  { kind: 'limited', limit: 'connectionsPerUpstream', most: 2 },
  { kind: 'reset', reused: true, responseStarted: false, bytesSent: 9 },
];
const harmful: readonly Outcome[] = [
  refused,
  { kind: 'reset', reused: false, responseStarted: false, bytesSent: 9 },
  { kind: 'reset', reused: true, responseStarted: true, bytesSent: 9 },
  { kind: 'timeout', phase: 'connect' },
  { kind: 'timeout', phase: 'first-byte' },
  { kind: 'invalid', reason: 'x' },
];
for (const [outcomes, available] of [
  [harmless, true],
  [harmful, false],
] as const) {
  for (const outcome of outcomes) {
    test(`${JSON.stringify(outcome)} is ${available ? 'not ' : ''}held against the upstream`, () => {
      const { pool, clock } = setUp('a');
      pool.pick()?.done(outcome);
      assert.equal(pool.upstreams[0]?.isAvailable(clock.monotonicMs()), available);
      assert.equal(pool.upstreams[0]?.inFlight, 0);
    });
  }
}

test('those already tried are not picked again', () => {
  const { pool } = setUp('a', 'b');
  const [a, b] = pool.upstreams;
  assert.ok(a && b);
  assert.equal(pool.pick([a])?.upstream, b);
  assert.equal(pool.pick([a, b]), undefined);
});

test('a pick reports once, with how long the attempt took; a second report is a defect', () => {
  const { pool, clock, durations } = setUp('a');
  const pick = pool.pick();
  clock.advance(30);
  pick?.done(responseOutcome(200));
  assert.deepEqual(durations, [30]);
  assert.throws(() => pick?.done(responseOutcome(200)), /twice/);
});

test('a closed pool listens no more and has nobody', () => {
  const { pool, discovery } = setUp('a');
  pool.close();
  assert.equal(discovery.listenerCount('ship'), 0);
  assert.equal(pool.pick(), undefined);
});
