import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Endpoint, isSameEndpoint, type ServiceSnapshot } from '@flotilla/contracts';
import { FakeClock, recordingLogger } from '@flotilla/testing';
import fc from 'fast-check';
import { SnapshotFeed } from './snapshot-feed.ts';
import type { FollowRequest } from './snapshot-source.ts';

const endpoint: fc.Arbitrary<Endpoint> = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    scheme: fc.constant('http' as const),
    address: fc.constant('10.0.0.1'),
    port: fc.constantFrom(1, 2),
    weight: fc.constantFrom(1, 2),
    tags: fc.constantFrom([], ['canary']),
    metadata: fc.constantFrom({}, { owner: 'crew' }),
    zone: fc.constantFrom(undefined, 'north'),
    version: fc.constant(undefined),
  },
  // As literals are, for the comparison.
  { noNullPrototype: true },
);

/** A whole list, or a failure of the source. */
const step = fc.oneof({ weight: 3, arbitrary: fc.array(endpoint, { maxLength: 6 }) }, fc.constant('failure' as const));

test('whatever a source says, readers see the last list, in order, each id once, and hear only of changes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const clock = new FakeClock();
      let run: (FollowRequest & { fail(): void }) | undefined;
      const told: ServiceSnapshot[] = [];
      const feed: SnapshotFeed = new SnapshotFeed(
        {
          silenceLimitMs: undefined,
          follow: (request) =>
            new Promise((_resolve, reject) => {
              request.signal.addEventListener('abort', reject);
              run = { ...request, fail: () => reject(new Error('lost')) };
            }),
          close() {},
        },
        {
          clock,
          random: () => 1,
          logger: recordingLogger(),
          onChange: () => void told.push(feed.get('ships') ?? assert.fail()),
        },
      );
      let before = feed.follow('ships');
      let last: readonly Endpoint[] | undefined;
      for (const next of steps) {
        // The source is asked again, after however long a wait.
        await clock.advanceAsync(5_000);
        assert.ok(run);
        if (next === 'failure') {
          run.fail();
          await clock.advanceAsync(0);
        } else {
          // Of their own, as from the wire: nothing is the same object.
          run.onEndpoints(structuredClone(next));
          last = next;
        }
        const now = feed.get('ships') ?? assert.fail();
        assert.equal(now.state, last === undefined ? 'unknown' : next === 'failure' ? 'stale' : 'fresh');
        const first = new Map<string, Endpoint>();
        for (const one of last ?? []) if (!first.has(one.id)) first.set(one.id, one);
        assert.deepEqual(
          now.endpoints,
          [...first.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
        );
        for (const one of now.endpoints) {
          const old = before.endpoints.find(({ id }) => id === one.id);
          assert.equal(one === old, old !== undefined && isSameEndpoint(one, old));
        }
        if (now !== before) assert.equal(told.at(-1), now);
        before = now;
      }
      for (const [index, snapshot] of told.entries()) assert.notEqual(snapshot, told[index - 1]);
      await feed.close();
      assert.deepEqual(clock.pendingDelaysMs, []);
    }),
    { numRuns: 500 },
  );
});
