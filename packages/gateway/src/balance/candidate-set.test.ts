import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeCandidates } from '@flotilla/conformance';
import fc from 'fast-check';
import type { Balancer } from './balancer.ts';
import { CandidateSet, type Member } from './candidate-set.ts';

interface FakeMember extends Member {
  available: boolean;
}

function member(id: string, weight = 1): FakeMember {
  const bare = new FakeCandidates().join(id, Math.max(1, weight));
  return {
    ...bare,
    available: true,
    lastResort: weight === 0,
    isAvailable() {
      return this.available;
    },
  };
}

/** Does what it is told, and knows when it was told wrong. */
class Listener implements Balancer<FakeMember> {
  readonly present = new Map<FakeMember, number>();
  readonly told: string[] = [];

  next(): FakeMember | undefined {
    return undefined;
  }

  joined(candidate: FakeMember): void {
    assert.ok(!this.present.has(candidate), 'it joined twice');
    this.present.set(candidate, candidate.weight);
  }

  left(candidate: FakeMember): void {
    assert.ok(this.present.delete(candidate), 'it left twice');
  }

  changed(candidate: FakeMember): void {
    assert.ok(this.present.has(candidate), 'it has left');
    this.present.set(candidate, candidate.weight);
  }

  began({ id, inFlight }: FakeMember): void {
    this.told.push(`${id} began ${inFlight}`);
  }

  ended({ id, inFlight }: FakeMember, durationMs: number, answered: boolean): void {
    this.told.push(`${id} ended ${inFlight} ${durationMs} ${answered}`);
  }
}

test('whatever happens, the candidates are the healthy instances; those of weight 0 only when there is no other', () => {
  const anyEvent = fc.record({
    at: fc.nat(5),
    what: fc.constantFrom('toggle' as const, 'come-or-go' as const, 'reweigh' as const),
    weight: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 80 }), (events) => {
      const set = new CandidateSet<FakeMember>();
      const listener = new Listener();
      set.serve(listener);
      const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, at) => member(id, at % 2));
      const known = new Set<FakeMember>();
      for (const { at, what, weight } of events) {
        const one = all[at];
        assert.ok(one);
        if (what === 'come-or-go' && known.delete(one)) set.remove(one);
        else {
          if (what === 'toggle') one.available = !one.available;
          if (what === 'reweigh') Object.assign(one, { weight: Math.max(1, weight), lastResort: weight === 0 });
          if (what === 'come-or-go') known.add(one);
          if (known.has(one)) set.refresh(one);
        }
        const well = [...known].filter(({ available }) => available);
        const preferred = well.filter(({ lastResort }) => !lastResort);
        const expected = preferred.length > 0 ? preferred : well;
        assert.deepEqual(new Set(set.all), new Set(expected));
        assert.equal(set.all.length, expected.length);
        assert.equal(
          set.weight,
          expected.reduce((sum, { weight }) => sum + weight, 0),
        );
        assert.deepEqual(listener.present, new Map(set.all.map((candidate) => [candidate, candidate.weight])));
      }
    }),
  );
});

test('the least busy instance set aside is known, for a request that has tried all others', () => {
  const set = new CandidateSet<FakeMember>();
  const [main, x, y] = [member('main'), member('x', 0), member('y', 0)];
  for (const one of [main, x, y]) set.refresh(one);
  set.began(x);
  assert.equal(set.heldBack([]), y);
  assert.equal(set.heldBack([y]), x);
  assert.equal(set.heldBack([x, y]), undefined);
});

test('balancers hear of attempts only if they ask to, including those at instances that have left', () => {
  const set = new CandidateSet<FakeMember>();
  const listener = new Listener();
  set.serve(listener);
  set.serve({ next: () => undefined });
  const one = member('a');
  set.refresh(one);
  set.began(one);
  set.remove(one);
  set.ended(one, 12, true);
  assert.deepEqual(listener.told, ['a began 1', 'a ended 0 12 true']);
  assert.equal(set.inFlight, 0);
});
