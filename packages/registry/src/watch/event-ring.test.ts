import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfChange, type ChangeEvent, EventRing } from './event-ring.ts';

function put(revision: number, characters: number): ChangeEvent {
  const times = { last_seen: '', registered_at: '', lease_ms: 60_000 };
  const place = {
    name: 'web',
    id: 'one',
    address: '10.0.0.1',
    port: 1,
    tags: [],
    weight: 1,
    status: 'passing',
    ready: true,
    serving: true,
    draining: false,
  } as const;
  return { type: 'put', revision, instance: { ...place, ...times, revision, metadata: { k: 'x'.repeat(characters) } } };
}

const revisions = (ring: EventRing<ChangeEvent>, after: number): readonly number[] =>
  [...ring.after(after)].map(({ revision }) => revision);

test('large events make room when their total is too large, and the ring knows that they are gone', () => {
  const ring = new EventRing(10, 10_000, 0, bytesOfChange);
  for (let revision = 1; revision <= 30; revision += 1) ring.push(put(revision, 3_000));
  assert.deepEqual([ring.floor, revisions(ring, ring.floor)], [27, [28, 29, 30]]);
  // Larger than all that may be there: it alone is kept.
  ring.push(put(31, 20_000));
  assert.deepEqual([ring.floor, revisions(ring, ring.floor)], [30, [31]]);
  for (let revision = 32; revision <= 50; revision += 1) ring.push(put(revision, 10));
  assert.deepEqual([ring.floor, revisions(ring, 47)], [40, [48, 49, 50]]);
  assert.equal(revisions(ring, ring.floor).length, 10);
});
