import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeDiscovery } from '@flotilla/conformance';
import { FakeClock } from '@flotilla/testing';
import { type Outcome, responseOutcome } from '../attempt/outcome.ts';
import { type BalanceConfig, balancerKinds, createBalancer, defaultBalance } from '../balance/balance-config.ts';
import { hashOf } from '../balance/hash.ts';
import type { ProbeResult } from '../health/instance-health.ts';
import { UpstreamPool } from './upstream-pool.ts';
import { UpstreamSet } from './upstream-set.ts';

const refused: Outcome = { kind: 'refused' };
const at = (id: string, port: number, extra: object = {}) => ({ id, address: '10.0.0.1', port, ...extra });

function setUp(...ids: string[]) {
  const clock = new FakeClock();
  const discovery = new FakeDiscovery();
  const durations: number[] = [];
  const probes: { readonly port: number; answer(result: ProbeResult): void }[] = [];
  const told: string[] = [];
  const set = new UpstreamSet({
    service: 'ship',
    discovery,
    clock,
    random: () => 0,
    probe: ({ port }) => new Promise((answer) => void probes.push({ port, answer })),
    attempts: { attemptEnded: (_upstream, _outcome, durationMs) => void durations.push(durationMs) },
    upstreams: {
      upstreamSetAside: ({ id }, reason) => void told.push(`${id} ${reason}`),
      upstreamReturned: ({ id }) => void told.push(`${id} back`),
    },
  });
  const pool = poolOf(set);
  if (ids.length > 0)
    discovery.set(
      'ship',
      ids.map((id, index) => at(id, 9_000 + index)),
    );
  const pickIds = (count: number, outcome: Outcome = responseOutcome(200)): string =>
    Array.from({ length: count }, () => {
      const pick = pool.pick(undefined, []);
      pick?.done(outcome);
      return pick?.upstream.id ?? '-';
    }).join('');
  return { clock, discovery, set, pool, pickIds, durations, probes, told };
}

function poolOf(set: UpstreamSet, balance: BalanceConfig = defaultBalance, random = (): number => 0.5): UpstreamPool {
  return new UpstreamPool(set, createBalancer(balance, set.candidates, random));
}

test('nothing is known until discovery answers; an empty answer is an answer', () => {
  const { discovery, pool, set } = setUp();
  assert.equal(set.known, false);
  discovery.set('ship', []);
  assert.equal(set.known, true);
  assert.equal(pool.pick(undefined, []), undefined);
});

test('what is known of an instance survives changes elsewhere and of its weight, but not of its address', () => {
  const { discovery, set } = setUp('a', 'b');
  const [a, b] = set.all;
  discovery.set('ship', [at('a', 9_000, { weight: 5 }), at('b', 9_999), at('c', 9_002)]);
  assert.equal(set.all[0], a);
  assert.equal(a?.weight, 5);
  assert.notEqual(set.all[1], b);
  assert.equal(b?.retired, true);
});

test('the engine is told when an upstream leaves', () => {
  const { discovery, pool } = setUp('a');
  let retired = 0;
  const pick = pool.pick(undefined, []);
  assert.ok(pick);
  pick.upstream.slot = { retire: () => void retired++, setAside: () => undefined };
  discovery.set('ship', []);
  assert.equal(retired, 1);
  assert.equal(pool.pickAgain(pick.upstream), undefined);
  pick.done(responseOutcome(200));
});

test('an instance that has left does not come back because of its last requests', () => {
  const { clock, discovery, pool, set, told } = setUp('a');
  const [first, second] = [pool.pick(undefined, []), pool.pick(undefined, [])];
  discovery.set('ship', []);
  first?.done(refused);
  second?.done(responseOutcome(200));
  assert.equal(pool.pick(undefined, []), undefined);
  assert.deepEqual([set.candidates.all, set.candidates.inFlight, clock.pendingDelaysMs, told], [[], 0, [], []]);
});

test('instances stay when the registry goes away', () => {
  const { discovery, pickIds } = setUp('a', 'b');
  discovery.makeStale('ship');
  assert.equal(pickIds(2), 'ab');
});

test('an instance that refused a connection gets no request until a probe passes', async () => {
  const { clock, pool, pickIds, probes, told } = setUp('a', 'b');
  pool.pick(undefined, [])?.done(refused);
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

test('the engine is told when an instance is set aside, also because of a silence', async () => {
  const { clock, pool, probes } = setUp('a', 'b');
  const [a, b] = [pool.pick(undefined, []), pool.pick(undefined, [])];
  let told = 0;
  if (a !== undefined) a.upstream.slot = { retire: () => undefined, setAside: () => void told++ };
  clock.advance(250);
  a?.silent();
  probes[0]?.answer('failed');
  await clock.advanceAsync(0);
  assert.equal(told, 1);
  assert.ok(b);
  assert.equal(
    pool.pickAvailable(undefined, [b.upstream]),
    undefined,
    'a picker that can wait is given none that is set aside',
  );
  assert.equal(pool.pick(undefined, [b.upstream])?.upstream, a?.upstream, 'one that has no other place to go is');
});

test('news about an instance that is set aside makes the pool probe it at once', async () => {
  const { clock, discovery, pool, set, probes } = setUp('a', 'b');
  pool.pick(undefined, [])?.done(refused);
  discovery.set('ship', [at('a', 9_000), at('b', 9_001)]);
  assert.equal(probes.length, 0, 'no news of itself');
  discovery.set('ship', [at('a', 9_000, { version: '2' }), at('b', 9_001)]);
  assert.equal(probes.length, 1);
  probes[0]?.answer('passed');
  await clock.advanceAsync(0);
  assert.equal(set.all[0]?.isAvailable(), true);
});

test('when every instance is set aside, one of them is tried anyway', () => {
  const { pickIds } = setUp('a', 'b');
  assert.equal(pickIds(2, refused), 'ab');
  assert.notEqual(pickIds(1), '-');
});

test('instances that were tried are not picked again', () => {
  const { pool, set } = setUp('a', 'b');
  const [a, b] = set.all;
  assert.ok(a && b);
  assert.equal(pool.pick(undefined, [a])?.upstream, b);
  assert.equal(pool.pick(undefined, [a, b]), undefined);
});

test('weight 0 is picked when no other instance is healthy, and before one that is set aside; a retry may go there', () => {
  const { discovery, pool, pickIds } = setUp();
  discovery.set('ship', [at('a', 9_000), at('x', 9_001, { weight: 0 }), at('y', 9_002, { weight: 0 })]);
  assert.equal(pickIds(3), 'aaa');
  const [a] = pool.set.all;
  assert.ok(a);
  assert.match(pool.pickAvailable(undefined, [a])?.upstream.id ?? '', /[xy]/);
  pool.pick(undefined, [])?.done(refused);
  assert.match(pickIds(4), /^(xy|yx){2}$/);
});

test('news without a change does not restart the rotation', () => {
  const { discovery, pickIds } = setUp('a', 'b', 'c');
  const all = ['a', 'b', 'c'].map((id, index) => at(id, 9_000 + index));
  const picked = Array.from({ length: 6 }, () => {
    discovery.set('ship', all);
    return pickIds(1);
  });
  assert.equal(picked.join(''), 'abcabc');
});

test('pools of one service share its instances and their load', () => {
  const { set, pool } = setUp('a', 'b');
  const other = poolOf(set, { kind: 'least-in-flight' });
  const busy = pool.pick(undefined, [])?.upstream;
  assert.notEqual(other.pick(undefined, [])?.upstream, busy);
});

for (const { kind, example } of balancerKinds) {
  test(`${kind}: an instance that is set aside gets nothing, and its share again when it is back`, async () => {
    const { clock, set, probes } = setUp('a', 'b', 'c');
    const pool = poolOf(set, example, Math.random);
    const idsOf = (count: number): ReadonlySet<string | undefined> =>
      new Set(
        Array.from({ length: count }, (_, key) => {
          const pick = pool.pick(hashOf(`${key}`), []);
          pick?.done(responseOutcome(200));
          return pick?.upstream.id;
        }),
      );
    const [a, b, c] = set.all;
    assert.ok(a && b && c);
    pool.pickAgain(a)?.done(refused);
    assert.deepEqual(idsOf(100), new Set(['b', 'c']));
    const elsewhere = pool.pickAvailable(7, [b]);
    assert.equal(elsewhere?.upstream, c);
    assert.equal(pool.pickAvailable(7, [b, c]), undefined);
    elsewhere.done(responseOutcome(200));
    await clock.advanceAsync(250);
    probes[0]?.answer('passed');
    await clock.advanceAsync(0);
    assert.deepEqual(idsOf(100), new Set(['a', 'b', 'c']));
  });
}

test('a pick reports once, with the duration of the attempt; a second report is a defect', () => {
  const { pool, clock, durations } = setUp('a');
  const pick = pool.pick(undefined, []);
  clock.advance(30);
  pick?.done(responseOutcome(200));
  assert.deepEqual(durations, [30]);
  assert.throws(() => pick?.done(responseOutcome(200)), /twice/);
});

test('a closed pool no longer listens and has no instances', () => {
  const { clock, pool, set, discovery } = setUp('a');
  pool.pick(undefined, [])?.done(refused);
  set.close();
  assert.deepEqual(clock.pendingDelaysMs, []);
  assert.equal(discovery.listenerCount('ship'), 0);
  assert.equal(pool.pick(undefined, []), undefined);
});
