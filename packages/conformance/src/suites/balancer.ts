import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Balancer, Candidates } from '@flotilla/gateway';
import fc from 'fast-check';
import { type FakeCandidate, FakeCandidates } from '../fake-candidates.ts';

/** Makes the balancer under test. `random` is from 0 to below 1. */
export type CreateBalancer = (candidates: Candidates<FakeCandidate>, random: () => number) => Balancer<FakeCandidate>;

const anyEvent = fc.oneof(
  fc.record({ kind: fc.constant('join' as const), weight: fc.integer({ min: 1, max: 1_000 }) }),
  fc.record({ kind: fc.constant('leave' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('reweigh' as const), at: fc.nat(), weight: fc.integer({ min: 1, max: 1_000 }) }),
  fc.record({
    kind: fc.constant('pick' as const),
    key: fc.option(fc.nat(2 ** 30 - 1), { nil: undefined }),
    tried: fc.nat(3),
  }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat() }),
);

const picks = 4_000;

/** What every {@link Balancer} promises, whatever it chooses by. */
export function describeBalancer(name: string, create: CreateBalancer): void {
  const setUp = (weights: Readonly<Record<string, number>>) => {
    const candidates = new FakeCandidates(weights);
    const random = seededRandom();
    const balancer = create(candidates, random);
    candidates.tell(balancer);
    return { candidates, balancer, random };
  };

  /** How often each was chosen for attempts that end at once, of requests that have nothing to do with each other. */
  const sharesOf = ({ candidates, balancer, random }: ReturnType<typeof setUp>): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (let pick = 0; pick < picks; pick += 1) {
      const chosen = balancer.next(Math.floor(random() * 2 ** 30), []);
      assert.ok(chosen);
      candidates.begin(chosen);
      candidates.end(chosen);
      counts.set(chosen.id, (counts.get(chosen.id) ?? 0) + 1);
    }
    return counts;
  };

  const assertShares = (its: ReturnType<typeof setUp>): void => {
    const counts = sharesOf(its);
    for (const { id, weight } of its.candidates.all) {
      const share = weight / its.candidates.weight;
      // Five times what chance alone does to it.
      const slack = 5 * Math.sqrt(picks * share * (1 - share)) + 2 + 0.05 * picks * share;
      assert.ok(Math.abs((counts.get(id) ?? 0) - picks * share) <= slack, `${id} had ${counts.get(id)} of ${picks}`);
    }
  };

  describe(`${name} is a Balancer`, () => {
    test('whatever happens, it picks an available instance that was not tried, as long as there is one', () => {
      fc.assert(
        fc.property(fc.array(anyEvent, { maxLength: 100 }), (events) => {
          const { candidates, balancer } = setUp({ first: 1, second: 2 });
          const running: FakeCandidate[] = [];
          let joined = 0;
          for (const event of events) {
            const { all } = candidates;
            const at = 'at' in event ? all[event.at % Math.max(1, all.length)] : undefined;
            if (event.kind === 'join') candidates.join(`joined-${joined++}`, event.weight);
            else if (event.kind === 'leave' && at !== undefined) candidates.leave(at.id);
            else if (event.kind === 'reweigh' && at !== undefined) candidates.reweigh(at.id, event.weight);
            else if (event.kind === 'end') {
              const [ended] = running.splice(event.at % Math.max(1, running.length), 1);
              if (ended !== undefined) candidates.end(ended);
            } else if (event.kind === 'pick') {
              const tried = all.slice(0, event.tried);
              const chosen = balancer.next(event.key, tried);
              if (chosen === undefined) {
                assert.equal(tried.length, all.length, 'one was left');
                continue;
              }
              assert.ok(all.includes(chosen), 'it has left');
              assert.ok(!tried.includes(chosen), 'it was tried');
              candidates.begin(chosen);
              running.push(chosen);
            }
          }
        }),
      );
    });

    test('without instances it picks nothing; a single one is always picked', () => {
      const { candidates, balancer } = setUp({});
      assert.equal(balancer.next(7, []), undefined);
      const only = candidates.join('only');
      for (const key of [undefined, 0, 7, 2 ** 30 - 1]) assert.equal(balancer.next(key, []), only);
      assert.equal(balancer.next(7, [only]), undefined);
    });

    test('each instance gets its share by weight', () => assertShares(setUp({ a: 1, b: 2, c: 5, d: 1 })));

    test('a newcomer gets its share from then on, and no more', () => {
      const its = setUp({ a: 1, b: 1 });
      sharesOf(its);
      its.candidates.join('c', 2);
      assertShares(its);
    });

    test('when one leaves, the others get its share', () => {
      const its = setUp({ a: 4, b: 1, c: 1 });
      sharesOf(its);
      its.candidates.leave('a');
      assertShares(its);
    });

    test('a change of weight changes the shares', () => {
      const its = setUp({ a: 1, b: 1, c: 1 });
      sharesOf(its);
      its.candidates.reweigh('a', 4);
      assertShares(its);
    });

    test('requests without a key are spread too', () => {
      const { balancer } = setUp({ a: 1, b: 1, c: 1 });
      const chosen = Array.from({ length: 60 }, () => balancer.next(undefined, [])?.id);
      assert.equal(new Set(chosen).size, 3);
    });
  });
}

/** The same numbers each time, so that a test of shares does not fail by chance. */
function seededRandom(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
