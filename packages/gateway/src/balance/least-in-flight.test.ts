import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeCandidate, FakeCandidates } from '@flotilla/conformance';
import fc from 'fast-check';
import type { Balancer } from './balancer.ts';
import { leastInFlight } from './least-in-flight.ts';

function setUp(weights: Readonly<Record<string, number>>) {
  const candidates = new FakeCandidates(weights);
  const balancer = leastInFlight.create(leastInFlight.example, candidates, () => 0.5);
  candidates.tell(balancer);
  return { candidates, balancer };
}

/** Chooses and begins an attempt. */
function begin(candidates: FakeCandidates, balancer: Balancer<FakeCandidate>): FakeCandidate {
  const chosen = balancer.next(undefined, []);
  assert.ok(chosen);
  candidates.begin(chosen);
  return chosen;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

test('the chosen instance always has the fewest requests in progress in proportion to its weight', () => {
  const step = fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, { weight: 2, arbitrary: fc.nat() });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 8 }),
      fc.array(step, { maxLength: 200 }),
      (weights, steps) => {
        const { candidates, balancer } = setUp(Object.fromEntries(weights.map((weight, at) => [`i${at}`, weight])));
        const running: FakeCandidate[] = [];
        for (const ending of steps) {
          const [ended] = ending < 0 ? [] : running.splice(ending % Math.max(1, running.length), 1);
          if (ended !== undefined) candidates.end(ended);
          if (ending >= 0) continue;
          const least = Math.min(...candidates.all.map(({ inFlight, weight }) => inFlight / weight));
          const chosen = balancer.next(undefined, []);
          assert.ok(chosen);
          assert.equal(chosen.inFlight / chosen.weight, least);
          candidates.begin(chosen);
          running.push(chosen);
        }
      },
    ),
  );
});

test('requests in progress are spread by weight as soon as there are enough of them', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 8 }), (weights) => {
      const { candidates, balancer } = setUp(Object.fromEntries(weights.map((weight, at) => [`i${at}`, weight])));
      for (let count = 0; count < 3 * sum(weights); count += 1) begin(candidates, balancer);
      assert.deepEqual(
        candidates.all.map(({ inFlight }) => inFlight),
        weights.map((weight) => 3 * weight),
      );
    }),
  );
});

test('while no requests overlap, equal instances take turns by weight', () => {
  const { candidates, balancer } = setUp({ a: 3, b: 1 });
  const chosen = Array.from({ length: 80 }, () => {
    const candidate = begin(candidates, balancer);
    candidates.end(candidate);
    return candidate.id;
  });
  assert.equal(chosen.filter((id) => id === 'b').length, 20);
  assert.doesNotMatch(chosen.join(''), /bb|aaaaa/);
});

test('a slow instance gets what it can bear, and does not catch up when it is fast again', () => {
  const { candidates, balancer } = setUp({ slow: 1, fast: 1 });
  const slow = candidates.of('slow');
  candidates.begin(slow);
  for (let count = 0; count < 100; count += 1) {
    const chosen = begin(candidates, balancer);
    assert.equal(chosen.id, 'fast');
    candidates.end(chosen);
  }
  candidates.end(slow);
  const next = Array.from({ length: 6 }, () => {
    const chosen = begin(candidates, balancer);
    candidates.end(chosen);
    return chosen.id;
  });
  assert.deepEqual([next.filter((id) => id === 'slow').length, next[0] === next[1]], [3, false]);
});

test('a newcomer is brought level with the others, and no further', () => {
  const { candidates, balancer } = setUp({ a: 1, b: 1 });
  for (let count = 0; count < 20; count += 1) begin(candidates, balancer);
  candidates.join('c');
  for (let count = 0; count < 16; count += 1) begin(candidates, balancer);
  assert.deepEqual(
    candidates.all.map(({ inFlight }) => inFlight),
    [12, 12, 12],
  );
});

test('requests that started before the balancer was created count', () => {
  const candidates = new FakeCandidates({ a: 1, b: 1 });
  candidates.begin(candidates.of('a'));
  const balancer = leastInFlight.create(leastInFlight.example, candidates, () => 0.5);
  assert.equal(balancer.next(undefined, [])?.id, 'b');
});
