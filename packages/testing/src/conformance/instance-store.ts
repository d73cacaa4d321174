import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { casesBesideInstances } from './instance-store-beside.ts';
import {
  assertRising,
  committed,
  put,
  record,
  remove,
  type StoreCase,
  type StoreUnderTest,
  using,
} from './instance-store-steps.ts';

/** Runs every case against the implementation that `create` makes, each on storage of its own. */
export function instanceStoreConformance(implementation: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${implementation} keeps the promises of an instance store`, () => {
    for (const { title, run } of instanceStoreCases) {
      test(title, async () => {
        const subject = await create();
        try {
          await run(subject);
        } finally {
          await subject.dispose();
        }
      });
    }
  });
}

/** The cases one by one, so that a test can see each of them fail on a store that breaks it. */
export const instanceStoreCases: readonly StoreCase[] = [
  ...casesBesideInstances,
  {
    title: 'a new store is empty, and begins beyond what an earlier one in its place has reached',
    async run(subject) {
      const [, last = -1] = await using(subject, async (store) => {
        assert.deepEqual((await store.load()).instances, []);
        return committed(store, [put('web', '1'), put('web', '2')]);
      });
      await subject.dispose();
      const disposedMs = Date.now();
      // Beginnings may be taken from the clock, which stands still for a millisecond.
      while (Date.now() === disposedMs);
      await using(subject, async (store) => {
        const { revision, instances } = await store.load();
        assert.deepEqual(instances, []);
        assert.ok(revision > last && Number.isSafeInteger(revision), `it begins at ${revision} after ${last}`);
      });
    },
  },
  {
    title: 'gives back every field as it was, whatever characters it holds',
    async run(subject) {
      const odd = record('web', 'web:1@x', {
        address: '::1',
        tags: ['b', 'a', '"quoted"'],
        metadata: { 版本: '一 "二"\n', constructor: '', empty: '' },
        status: 'maintenance',
        weight: 0,
        lease_ms: 86_400_000,
      });
      await using(subject, (store) => committed(store, [{ kind: 'put', record: odd, lastSeenMs: 17 }]));
      await using(subject, async (store) => {
        const { revision, instances } = await store.load();
        assert.deepEqual(instances, [{ record: odd, revision, lastSeenMs: 17 }]);
      });
    },
  },
  {
    title: 'every change has a revision of its own, rising within a commit and over commits',
    run: (subject) =>
      using(subject, async (store) => {
        const first = await committed(store, [put('web', '1'), put('web', '2'), remove('web', '1')]);
        const second = await committed(store, [put('api', '1')]);
        assertRising([0, ...first, ...second]);
      }),
  },
  {
    title: 'what was acknowledged is there after a restart, at the same revisions',
    async run(subject) {
      const revisions = await using(subject, (store) =>
        committed(store, [put('web', '1'), put('web', '2'), put('api', '1'), remove('web', '1')]),
      );
      await using(subject, async (store) => {
        const { revision, instances } = await store.load();
        assert.equal(revision, revisions[3]);
        assert.deepEqual(instances.map((found) => [found.record.name, found.record.id, found.revision]).sort(), [
          ['api', '1', revisions[2]],
          ['web', '2', revisions[1]],
        ]);
      });
    },
  },
  {
    title: 'the revision does not go back over a restart when the last change was a delete of the last instance',
    async run(subject) {
      const revisions = await using(subject, (store) => committed(store, [put('web', '1'), remove('web', '1')]));
      await using(subject, async (store) => {
        const { revision, instances } = await store.load();
        assert.deepEqual([revision, instances], [revisions[1], []]);
        assertRising([...revisions, ...(await committed(store, [put('web', '1')]))]);
      });
    },
  },
  {
    title: 'a put of an instance that is there replaces the whole record',
    run: (subject) =>
      using(subject, async (store) => {
        await committed(store, [put('web', '1', { tags: ['old'], metadata: { old: 'x' } })]);
        const [revision] = await committed(store, [put('web', '1', { port: 9 })]);
        assert.deepEqual((await store.load()).instances, [
          { record: record('web', '1', { port: 9 }), revision, lastSeenMs: 1 },
        ]);
      }),
  },
  {
    title: 'ids are told apart by service and by case',
    run: (subject) =>
      using(subject, async (store) => {
        await committed(store, [put('web', 'a'), put('web', 'A'), put('Web', 'a'), remove('web', 'a')]);
        const left = (await store.load()).instances.map(({ record: { name, id } }) => `${name}/${id}`);
        assert.deepEqual(left.sort(), ['Web/a', 'web/A']);
      }),
  },
  {
    title: 'a conditional change is carried out at the revision it expects',
    run: (subject) =>
      using(subject, async (store) => {
        const [created] = await committed(store, [{ ...put('web', '1'), expectedRevision: 0 }]);
        const [changed] = await committed(store, [{ ...put('web', '1'), expectedRevision: created ?? -1 }]);
        await committed(store, [{ ...remove('web', '1'), expectedRevision: changed ?? -1 }]);
        assert.deepEqual((await store.load()).instances, []);
      }),
  },
  {
    title: 'a conditional change that meets another revision is a conflict, and nothing of its commit is written',
    run: (subject) =>
      using(subject, async (store) => {
        const [revision = -1] = await committed(store, [put('web', '1')]);
        const before = await store.load();
        for (const [change, actualRevision] of [
          [{ ...put('web', '1', { port: 2 }), expectedRevision: 0 }, revision],
          [{ ...put('web', '1', { port: 2 }), expectedRevision: revision + 1 }, revision],
          [{ ...remove('web', '1'), expectedRevision: revision + 1 }, revision],
          [{ ...put('web', '2'), expectedRevision: revision }, 0],
        ] as const) {
          const result = await store.commit([put('api', '1'), remove('web', '9'), change, put('api', '2')]);
          assert.deepEqual(result, { kind: 'conflict', index: 2, actualRevision });
          assert.deepEqual(await store.load(), before);
        }
      }),
  },
  {
    title: 'conditions see what the same commit did before them',
    run: (subject) =>
      using(subject, async (store) => {
        const [revision = -1] = await committed(store, [put('web', '1')]);
        await committed(store, [
          { ...remove('web', '1'), expectedRevision: revision },
          { ...put('web', '1', { port: 2 }), expectedRevision: 0 },
        ]);
        assert.equal((await store.load()).instances[0]?.record.port, 2);
      }),
  },
  {
    title: 'deleting what is not there takes a revision and harms nothing',
    run: (subject) =>
      using(subject, async (store) => {
        const revisions = await committed(store, [put('web', '1'), remove('web', '2')]);
        assertRising(revisions);
        assert.equal((await store.load()).revision, revisions[1]);
        assert.equal((await store.load()).instances.length, 1);
      }),
  },
  {
    title: 'signs of life take no revision, are kept, and bring nobody back',
    async run(subject) {
      const [revision] = await using(subject, async (store) => {
        const revisions = await committed(store, [put('web', '1')]);
        const signs = [
          { name: 'web', id: '1', lastSeenMs: 42 },
          { name: 'web', id: 'gone', lastSeenMs: 42 },
        ];
        await store.noteSeen(signs, 43);
        return revisions;
      });
      await using(subject, async (store) => {
        const contents = await store.load();
        assert.equal(contents.revision, revision);
        assert.deepEqual(contents.instances, [{ record: record('web', '1'), revision, lastSeenMs: 42 }]);
      });
    },
  },
  {
    title: 'takes the number of changes in one commit that it says it takes',
    run: (subject) =>
      using(subject, async (store) => {
        const changes = Array.from({ length: store.maxChanges }, (_, index) => put('web', `i${index}`));
        assertRising(await committed(store, changes));
        assert.equal((await store.load()).instances.length, store.maxChanges);
      }),
  },
  {
    title: 'an empty commit changes nothing',
    run: (subject) =>
      using(subject, async (store) => {
        const before = await store.load();
        assert.deepEqual(await store.commit([]), { kind: 'committed', revisions: [] });
        assert.deepEqual(await store.load(), before);
      }),
  },
  {
    title: 'the check passes while the store is open and fails once it is closed; closing twice is harmless',
    async run(subject) {
      const store = await subject.open();
      await store.check();
      await store.close();
      await store.close();
      await assert.rejects(store.check());
      await assert.rejects(store.commit([put('web', '1')]), (error) => !isAppError(error) || error.status >= 500);
    },
  },
];
