import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectGarbage, type FakeCandidate, FakeCandidates } from '@flotilla/conformance';
import fc from 'fast-check';
import type { Balancer } from './balancer.ts';
import { type ConsistentHashBalance, consistentHash } from './consistent-hash.ts';
import { hashOf } from './hash.ts';

function setUp(weights: Readonly<Record<string, number>>, options: Partial<ConsistentHashBalance> = {}) {
  const candidates = new FakeCandidates(weights);
  const balancer = consistentHash.create({ ...consistentHash.example, ...options }, candidates, Math.random);
  candidates.tell(balancer);
  return { candidates, balancer };
}

const keys = Array.from({ length: 1_000 }, (_, at) => hashOf(`user-${at}`));
const homes = (balancer: Balancer<FakeCandidate>): readonly string[] =>
  keys.map((key) => balancer.next(key, [])?.id ?? '');

const anyFleet = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.integer({ min: 1, max: 5 }), {
  minKeys: 2,
  maxKeys: 8,
});

test('the same key goes to the same instance, whatever happened before and in whatever order the instances joined', () => {
  fc.assert(
    fc.property(anyFleet, (fleet) => {
      const { balancer } = setUp(fleet);
      const turned = setUp(Object.fromEntries(Object.entries(fleet).reverse()));
      homes(turned.balancer);
      turned.candidates.join('guest', 3);
      homes(turned.balancer);
      turned.candidates.leave('guest');
      assert.deepEqual(homes(turned.balancer), homes(balancer));
    }),
    { numRuns: 30 },
  );
});

test('when an instance joins, only the keys that go to it move; when it leaves, they move back', () => {
  fc.assert(
    fc.property(anyFleet, fc.integer({ min: 1, max: 5 }), (fleet, weight) => {
      const { candidates, balancer } = setUp(fleet);
      const before = homes(balancer);
      candidates.join('NEW', weight);
      for (const [at, home] of homes(balancer).entries()) assert.ok(home === 'NEW' || home === before[at]);
      candidates.leave('NEW');
      assert.deepEqual(homes(balancer), before);
    }),
    { numRuns: 30 },
  );
});

test('a heavier weight draws keys only to its own instance, about as many as it says', () => {
  const { candidates, balancer } = setUp({ a: 1, b: 1, c: 1 });
  const before = homes(balancer);
  candidates.reweigh('a', 2);
  const after = homes(balancer);
  for (const [at, home] of after.entries()) assert.ok(home === 'a' || home === before[at]);
  const share = after.filter((home) => home === 'a').length / keys.length;
  assert.ok(Math.abs(share - 0.5) < 0.05, String(share));
});

test('a retry goes to where the key would go if the instance were gone', () => {
  const { candidates, balancer } = setUp({ a: 1, b: 2, c: 3, d: 1 });
  const home = candidates.of('c');
  const retried = keys.map((key) => (balancer.next(key, []) === home ? balancer.next(key, [home])?.id : undefined));
  candidates.leave('c');
  for (const [at, id] of homes(balancer).entries()) assert.ok(retried[at] === undefined || retried[at] === id);
});

test('the address of each key is fixed: changing it would move all keys at an update', () => {
  const { balancer } = setUp({ 'web-1': 1, 'web-2': 1, 'web-3': 2 });
  const some = ['', 'a', 'user-1', 'user-2', 'user-3', 'tenant/7', 'Köln', '用户'];
  assert.deepEqual(some.map(hashOf), [
    ...[718_249_730, 111_160_428, 501_473_979, 213_300_276],
    ...[123_193_090, 550_889_599, 804_865_312, 43_703_776],
  ]);
  assert.equal(some.map((key) => balancer.next(hashOf(key), [])?.id.slice(4)).join(''), '12123133');
});

test('a thousand instances get their shares of the slots, and similar ids are told apart', () => {
  const { candidates, balancer } = setUp({});
  for (let at = 0; at < 1_000; at += 1) candidates.join(`10.0.${at >> 8}.${at & 255}:8080`);
  const counts = new Map<string, number>();
  for (let key = 0; key < 65_536; key += 1) {
    const id = balancer.next(key, [])?.id ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  assert.equal(counts.size, 1_000);
  // 65 each; chance alone makes 8 of that.
  assert.ok(Math.max(...counts.values()) < 110, String(Math.max(...counts.values())));
});

test('without a bound, a hot key stays on its instance', () => {
  const { candidates, balancer } = setUp({ a: 1, b: 1, c: 1 });
  const home = balancer.next(7, []);
  for (let count = 0; count < 100; count += 1) {
    assert.equal(balancer.next(7, []), home);
    if (home !== undefined) candidates.begin(home);
  }
});

test('with a bound, no instance has more than its share times the factor, whatever the keys are', () => {
  fc.assert(
    fc.property(
      anyFleet,
      fc.double({ min: 1.05, max: 3, noNaN: true }),
      fc.array(fc.nat(2 ** 30 - 1), { minLength: 1, maxLength: 20 }),
      (fleet, loadFactor, hot) => {
        const { candidates, balancer } = setUp(fleet, { loadFactor });
        for (let count = 0; count < 100; count += 1) {
          const chosen = balancer.next(hot[count % hot.length], []);
          assert.ok(chosen);
          const most = Math.ceil((loadFactor * (candidates.inFlight + 1) * chosen.weight) / candidates.weight);
          const room = candidates.all.filter(
            ({ inFlight, weight }) =>
              inFlight < Math.ceil((loadFactor * (candidates.inFlight + 1) * weight) / candidates.weight),
          );
          // Sixteen looks may miss the only one that has room: then the least loaded of those seen is good enough.
          assert.ok(chosen.inFlight < most || room.length <= candidates.all.length / 2);
          candidates.begin(chosen);
        }
      },
    ),
  );
});

test('requests beyond the bound of an owner go the same way in every worker, and return when the load is over', () => {
  const [one, other] = [
    setUp({ a: 1, b: 1, c: 1, d: 1 }, { loadFactor: 1.25 }),
    setUp({ d: 1, c: 1, b: 1, a: 1 }, { loadFactor: 1.25 }),
  ];
  const home = one.balancer.next(7, [])?.id ?? '';
  for (const { candidates } of [one, other])
    for (let count = 0; count < 8; count += 1) candidates.begin(candidates.of(home));
  const second = one.balancer.next(7, [])?.id;
  assert.notEqual(second, home);
  assert.equal(other.balancer.next(7, [])?.id, second);
  for (let count = 0; count < 8; count += 1) one.candidates.end(one.candidates.of(home));
  assert.equal(one.balancer.next(7, [])?.id, home);
});

test('endless churn leaves no memory of instances that have gone', async () => {
  const { candidates, balancer } = setUp({ a: 1, b: 1 });
  const before = homes(balancer);
  const gone: WeakRef<FakeCandidate>[] = [];
  for (let count = 0; count < 5_000; count += 1) {
    gone.push(new WeakRef(candidates.join(`c${count}`)));
    balancer.next(count, []);
    candidates.leave(`c${count}`);
  }
  assert.deepEqual(homes(balancer), before);
  // What a WeakRef shows stays until the end of the turn.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const kept = gone.filter((reference) => reference.deref() !== undefined).length;
  assert.ok(kept < 200, `${kept} of ${gone.length} are kept`);
});
