import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SmoothWeightedRoundRobin } from './smooth-weighted-round-robin.ts';

interface Fake {
  readonly name: string;
  weight: number;
  available: boolean;
  isAvailable(): boolean;
}

function fake(name: string, weight = 1): Fake {
  return {
    name,
    weight,
    available: true,
    isAvailable() {
      return this.available;
    },
  };
}

function balancerOf(...candidates: Fake[]): SmoothWeightedRoundRobin<Fake> {
  const balancer = new SmoothWeightedRoundRobin<Fake>();
  balancer.update(candidates);
  return balancer;
}

function names(balancer: SmoothWeightedRoundRobin<Fake>, count: number): string {
  return Array.from({ length: count }, () => balancer.next(0, [])?.name ?? '-').join('');
}

test('candidates of equal weight take turns', () => {
  assert.equal(names(balancerOf(fake('a'), fake('b'), fake('c')), 6), 'abcabc');
});

test('a heavier candidate is chosen more often, but not in a row for all of its share', () => {
  assert.equal(names(balancerOf(fake('a', 3), fake('b', 1)), 8), 'aabaaaba');
});

test('weight 0 is chosen only when no other is available', () => {
  const main = fake('a');
  const balancer = balancerOf(main, fake('x', 0), fake('y', 0));
  assert.equal(names(balancer, 3), 'aaa');
  main.available = false;
  assert.equal(names(balancer, 4), 'xyxy');
});

test('what is not available or was tried is passed over', () => {
  const [a, b, c] = [fake('a'), fake('b'), fake('c')];
  const balancer = balancerOf(a, b, c);
  b.available = false;
  assert.equal(names(balancer, 4), 'acac');
  assert.equal(balancer.next(0, [a])?.name, 'c');
  assert.equal(balancer.next(0, [a, c]), undefined);
});

test('nobody to choose is undefined', () => {
  assert.equal(balancerOf().next(0, []), undefined);
});

test('a newcomer gets its turn without the others losing theirs', () => {
  const [a, b, c] = [fake('a'), fake('b'), fake('c')];
  const balancer = balancerOf(a, b);
  assert.equal(names(balancer, 1), 'a');
  balancer.update([a, b, c]);
  assert.equal(names(balancer, 3), 'bca');
});

test('over a whole round each candidate is chosen exactly as often as its weight says', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), (weights) => {
      const balancer = balancerOf(...weights.map((weight, at) => fake(String(at), weight)));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const counts = new Map<string, number>();
      for (const name of names(balancer, total)) counts.set(name, (counts.get(name) ?? 0) + 1);
      assert.deepEqual(
        weights.map((_, at) => counts.get(String(at))),
        weights,
      );
    }),
  );
});
