import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { casesBesideInstances } from './record-store-beside.ts';
import { followCases, otherWriterCases } from './record-store-follow.ts';
import {
  as,
  assertRising,
  committed,
  instance,
  keys,
  put,
  records,
  remove,
  type StoreCase,
  type StoreUnderTest,
  using,
} from './record-store-steps.ts';
import { trailCases } from './record-store-trail.ts';

/**
 * Runs every case that applies against the implementation that `create` makes, each on storage of its own.
 *
 * @param offers what its {@link StoreUnderTest} has beside the least. Default: nothing, so there is never another writer
 */
export function recordStoreConformance(
  implementation: string,
  create: () => Promise<StoreUnderTest>,
  offers: readonly StoreCase['needs'][] = [],
): void {
  describe(`${implementation} keeps the promises of a record store`, () => {
    for (const { title, needs, run } of recordStoreCases) {
      if (needs !== undefined && !offers.includes(needs)) continue;
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
export const recordStoreCases: readonly StoreCase[] = [
  ...casesBesideInstances,
  ...followCases,
  ...otherWriterCases,
  ...trailCases,
  {
    title: 'a new store is empty, and starts beyond what an earlier one in its place has reached',
    async run(subject) {
      const last = await using(subject, async (store) => {
        assert.deepEqual(await records(store), []);
        return committed(store, [put('web', '1'), put('web', '2')]);
      });
      await subject.dispose();
      const disposedMs = Date.now();
      // Beginnings may be taken from the clock, which stands still for a millisecond.
      while (Date.now() === disposedMs);
      await using(subject, async (store) => {
        const { revision, records: found } = await store.load();
        assert.deepEqual(found, []);
        assert.ok(revision > last && Number.isSafeInteger(revision), `it begins at ${revision} after ${last}`);
      });
    },
  },
  {
    title: 'returns every field as it was, whatever characters it contains',
    async run(subject) {
      const odd = instance('web', 'web:1@x', {
        address: '::1',
        tags: ['b', 'a', '"quoted"'],
        metadata: { 版本: '一 "二"\n', constructor: '', empty: '' },
        weight: 0,
        lease_ms: 86_400_000,
      });
      const written = {
        kind: 'instance',
        key: 'web/web:1@x',
        value: odd,
        lease: { owner: 'a b', seenMs: 17 },
      } as const;
      await using(subject, (store) => committed(store, [{ type: 'put', ...written }]));
      await using(subject, async (store) => {
        const { revision, records: found } = await store.load();
        assert.deepEqual(found, [{ ...written, createdRevision: revision, revision }]);
      });
    },
  },
  {
    title: 'all changes of a commit have the same revision, which rises with each commit',
    run: (subject) =>
      using(subject, async (store) => {
        const first = await committed(store, [put('web', '1'), put('web', '2'), put('web', '3')]);
        assert.deepEqual(
          (await records(store)).map(({ revision }) => revision),
          [first, first, first],
        );
        assertRising([0, first, await committed(store, [remove('web', '1'), put('api', '1')])]);
      }),
  },
  {
    title:
      'a record knows the revision that created it and the one that changed it; a new one in its place starts anew',
    run: (subject) =>
      using(subject, async (store) => {
        const made = await committed(store, [put('web', '1')]);
        const changed = await committed(store, [put('web', '1', { port: 2 })]);
        const [record] = await records(store);
        assert.deepEqual([record?.createdRevision, record?.revision], [made, changed]);
        const replaced = await committed(store, [remove('web', '1'), put('web', '1')]);
        const [next] = await records(store);
        assert.deepEqual([next?.createdRevision, next?.revision], [replaced, replaced]);
      }),
  },
  {
    title: 'acknowledged changes are there after a restart, at the same revisions',
    async run(subject) {
      const revisions = await using(subject, async (store) => [
        await committed(store, [put('web', '1'), put('web', '2')]),
        await committed(store, [put('api', '1')]),
        await committed(store, [remove('web', '1')]),
      ]);
      await using(subject, async (store) => {
        const { revision, records: found } = await store.load();
        assert.equal(revision, revisions[2]);
        assert.deepEqual(found.map((record) => [record.key, record.revision]).sort(), [
          ['api/1', revisions[1]],
          ['web/2', revisions[0]],
        ]);
      });
    },
  },
  {
    title: 'the revision does not go back over a restart when the last change deleted the last record',
    async run(subject) {
      const last = await using(subject, async (store) => {
        await committed(store, [put('web', '1')]);
        return committed(store, [remove('web', '1')]);
      });
      await using(subject, async (store) => {
        const { revision, records: found } = await store.load();
        assert.deepEqual([revision, found], [last, []]);
        assertRising([last, await committed(store, [put('web', '1')])]);
      });
    },
  },
  {
    title: 'a put of an existing record replaces all of it',
    run: (subject) =>
      using(subject, async (store) => {
        await committed(store, [put('web', '1', { tags: ['old'], metadata: { old: 'x' } })]);
        await committed(store, [put('web', '1', { port: 9 })]);
        assert.deepEqual(
          (await records(store)).map(({ value }) => value),
          [instance('web', '1', { port: 9 })],
        );
      }),
  },
  {
    title: 'ids are told apart by service and by case',
    run: (subject) =>
      using(subject, async (store) => {
        await committed(store, [put('web', 'a'), put('web', 'A'), put('Web', 'a')]);
        await committed(store, [remove('web', 'a')]);
        assert.deepEqual(await keys(store), ['Web/a', 'web/A']);
      }),
  },
  {
    title: 'a commit whose conditions hold is applied',
    run: (subject) =>
      using(subject, async (store) => {
        const created = await committed(store, [put('web', '1')], [as(0, 'web', '1')]);
        const changed = await committed(store, [put('web', '1')], [as(created, 'web', '1')]);
        await committed(store, [remove('web', '1')], [as(changed, 'web', '1'), as(0, 'api', '1')]);
        assert.deepEqual(await keys(store), []);
      }),
  },
  {
    title: 'a condition that does not hold is a conflict, and nothing of its commit is written',
    run: (subject) =>
      using(subject, async (store) => {
        const revision = await committed(store, [put('web', '1')]);
        const before = await store.load();
        for (const condition of [as(0, 'web', '1'), as(revision + 1, 'web', '1'), as(revision, 'web', '2')]) {
          const changes = [put('api', '1'), put('web', '1', { port: 2 }), remove('web', '2')];
          const result = await store.commit(changes, [as(0, 'api', '1'), condition]);
          assert.deepEqual(result, { kind: 'conflict', condition, revision });
          assert.deepEqual(await store.load(), before);
        }
      }),
  },
  {
    title: 'conditions are checked against the state before the commit',
    run: (subject) =>
      using(subject, async (store) => {
        const revision = await committed(store, [put('web', '1')]);
        await committed(store, [remove('web', '1'), put('web', '1', { port: 2 })], [as(revision, 'web', '1')]);
        const [record] = await records(store);
        assert.equal(record?.kind === 'instance' && record.value.port, 2);
      }),
  },
  {
    title: 'deleting a missing record is harmless',
    run: (subject) =>
      using(subject, async (store) => {
        const revision = await committed(store, [put('web', '1'), remove('web', '2')]);
        assert.equal((await store.load()).revision, revision);
        assert.deepEqual(await keys(store), ['web/1']);
      }),
  },
  {
    title: 'signs of life take no revision, are kept, and revive nobody',
    async run(subject) {
      const revision = await using(subject, async (store) => {
        const last = await committed(store, [put('web', '1')]);
        const signs = ['web/1', 'web/gone'].map((key) => ({ kind: 'instance', key, seenMs: 42 }) as const);
        await store.noteSeen(signs, 43);
        return last;
      });
      await using(subject, async (store) => {
        const contents = await store.load();
        assert.equal(contents.revision, revision);
        assert.deepEqual(
          contents.records.map((record) => [record.key, record.revision, record.lease]),
          [['web/1', revision, { owner: 'somebody', seenMs: 42 }]],
        );
      });
    },
  },
  {
    title: 'accepts as many changes in one commit as it says',
    run: (subject) =>
      using(subject, async (store) => {
        const changes = Array.from({ length: store.maxChanges }, (_, index) => put('web', `i${index}`));
        await committed(store, changes);
        assert.equal((await records(store)).length, store.maxChanges);
      }),
  },
  {
    title: 'an empty commit changes nothing',
    run: (subject) =>
      using(subject, async (store) => {
        const before = await store.load();
        assert.deepEqual(await store.commit([]), { kind: 'committed', revision: before.revision });
        assert.deepEqual(await store.load(), before);
      }),
  },
  {
    title: 'the check passes while the store is open, and fails once it is closed; closing twice is harmless',
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
