import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeCandidates } from '@flotilla/conformance';
import fc from 'fast-check';
import { weightedRoundRobin } from './weighted-round-robin.ts';

const options = weightedRoundRobin.example;

test('over a whole round, each instance is chosen exactly as often as its weight says, wherever the round starts', () => {
  const anyPhase = fc.double({ min: 0, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
      anyPhase,
      (weights, phase) => {
        const named = Object.fromEntries(weights.map((weight, at) => [`i${at}`, weight]));
        const balancer = weightedRoundRobin.create(options, new FakeCandidates(named), () => phase);
        const chosen = Array.from({ length: weights.reduce((sum, weight) => sum + weight, 0) }, () =>
          balancer.next(undefined, []),
        );
        const counts = Map.groupBy(chosen, (candidate) => candidate?.id);
        assert.deepEqual(
          weights.map((_, at) => counts.get(`i${at}`)?.length),
          weights,
        );
      },
    ),
  );
});

test('workers start at different instances, so that no instance gets the first request of all of them', () => {
  const first = (random: () => number): string | undefined => {
    const candidates = new FakeCandidates({ a: 1, b: 1, c: 1, d: 1 });
    return weightedRoundRobin.create(options, candidates, random).next(undefined, [])?.id;
  };
  const firsts = Array.from({ length: 200 }, () => first(Math.random));
  assert.equal(new Set(firsts).size, 4);
});
