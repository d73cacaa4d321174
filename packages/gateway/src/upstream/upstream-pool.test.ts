import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock, FakeDiscovery } from '@flotilla/testing';
import { type Outcome, responseOutcome } from '../attempt/outcome.ts';
import { SmoothWeightedRoundRobin } from '../balance/smooth-weighted-round-robin.ts';
import type { ProbeResult } from '../health/instance-health.ts';
import type { Upstream } from './upstream.ts';
import { UpstreamPool } from './upstream-pool.ts';

const refused: Outcome = { kind: 'refused' };
const at = (id: string, port: number, extra: object = {}) => ({ id, address: '10.0.0.1', port, ...extra });

function setUp(...ids: string[]) {
  const clock = new FakeClock();
  const discovery = new FakeDiscovery();
  const durations: number[] = [];
  const probes: { readonly port: number; answer(result: ProbeResult): void }[] = [];
  const told: string[] = [];
  const pool = new UpstreamPool({
    service: 'ship',
    discovery,
    balancer: new SmoothWeightedRoundRobin<Upstream>(),
    clock,
    random: () => 0,
    probe: ({ port }) => new Promise((answer) => void probes.push({ port, answer })),
    attempts: { attemptEnded: (_upstream, _outcome, durationMs) => void durations.push(durationMs) },
    upstreams: {
      upstreamSetAside: ({ id }, reason) => void told.push(`${id} ${reason}`),
      upstreamReturned: ({ id }) => void told.push(`${id} back`),
    },
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
  return { clock, discovery, pool, pickIds, durations, probes, told };
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
  pick.upstream.slot = { retire: () => void retired++, setAside: () => undefined };
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

test('an instance that refused gets no request until a probe has passed', async () => {
  const { clock, pool, pickIds, probes, told } = setUp('a', 'b');
  pool.pick()?.done(refused);
  assert.equal(pickIds(3), 'bbb');
  await clock.advanceAsync(250);
  assert.deepEqual(
    probes.map(({ port }) => port),
    [9_000],
  );
  assert.equal(pickIds(2), 'bb', 'no request of a client finds out whether it is back');
  probes[0]?.answer('failed');
  await clock.advanceAsync(499);
  assert.equal(probes.length, 1);
  await clock.advanceAsync(1);
  probes[1]?.answer('passed');
  await clock.advanceAsync(0);
  assert.match(pickIds(4), /^(ab|ba){2}$/);
  assert.deepEqual(told, ['a unreachable', 'a back']);
});

test('the engine is told when an instance is set aside, by a silence too', async () => {
  const { clock, pool, probes } = setUp('a', 'b');
  const [a, b] = [pool.pick(), pool.pick()];
  let told = 0;
  if (a !== undefined) a.upstream.slot = { retire: () => undefined, setAside: () => void told++ };
  clock.advance(250);
  a?.silent();
  probes[0]?.answer('failed');
  await clock.advanceAsync(0);
  assert.equal(told, 1);
  assert.ok(b);
  assert.equal(pool.pickAvailable([b.upstream]), undefined, 'a picker that can wait is given none that is set aside');
  assert.equal(pool.pick([b.upstream])?.upstream, a?.upstream, 'one that has no other place to go is');
});

test('news of an instance that is set aside makes the pool ask it at once', async () => {
  const { clock, discovery, pool, probes } = setUp('a', 'b');
  pool.pick()?.done(refused);
  discovery.set('ship', [at('a', 9_000), at('b', 9_001)]);
  assert.equal(probes.length, 0, 'no news of itself');
  discovery.set('ship', [at('a', 9_000, { version: '2' }), at('b', 9_001)]);
  assert.equal(probes.length, 1);
  probes[0]?.answer('passed');
  await clock.advanceAsync(0);
  assert.equal(pool.upstreams[0]?.isAvailable(), true);
});

test('when every instance is set aside one of them is tried all the same', () => {
  const { pickIds } = setUp('a', 'b');
  assert.equal(pickIds(2, refused), 'ab');
  assert.notEqual(pickIds(1), '-');
});

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
  const { clock, pool, discovery } = setUp('a');
  pool.pick()?.done(refused);
  pool.close();
  assert.deepEqual(clock.pendingDelaysMs, []);
  assert.equal(discovery.listenerCount('ship'), 0);
  assert.equal(pool.pick(), undefined);
});
