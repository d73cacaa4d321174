import assert from 'node:assert/strict';
import type { StoreEvent } from '@flotilla/registry';
import {
  as,
  committed,
  followed,
  put,
  records,
  remove,
  revisionsOf,
  type StoreCase,
  using,
  usingTwo,
} from './record-store-steps.ts';

/** What a store tells those who follow it, of their own commits and of others'. */
export const followCases: readonly StoreCase[] = [
  {
    title: 'a follower hears of each commit once, complete, and in order',
    run: (subject) =>
      using(subject, async (store) => {
        const { revision } = await store.load();
        const following = followed(store, revision, 3);
        const first = [put('web', '1'), put('web', '2')];
        const second = [remove('web', '1'), put('web', '1', { port: 2 })];
        const third = [remove('web', '2')];
        const expected: StoreEvent[] = [];
        for (const changes of [first, second, third])
          expected.push({ kind: 'commit', revision: await committed(store, changes), changes, lines: [] });
        assert.deepEqual(await following, expected);
      }),
  },
  {
    title: 'each change of a commit has its own place below its revision, after the commit before',
    run: (subject) =>
      using(subject, async (store) => {
        let { revision } = await store.load();
        for (const count of [3, 1, 2]) {
          const changes = Array.from({ length: count }, (_, index) => put('web', `${index}`));
          const next = await committed(store, changes);
          assert.ok(next - revision >= count, `${next} is ${count} after ${revision}`);
          revision = next;
        }
      }),
  },
  {
    title: 'a follower from an earlier place hears everything since, or is told that this is not possible',
    run: (subject) =>
      using(subject, async (store) => {
        const { revision } = await store.load();
        const revisions = [await committed(store, [put('web', '1')]), await committed(store, [put('web', '2')])];
        const [first] = await followed(store, revision, 1);
        if (first?.kind === 'compacted') return;
        assert.deepEqual(revisionsOf(await followed(store, revision, 2)), revisions);
        assert.deepEqual(revisionsOf(await followed(store, revisions[0] ?? 0, 1)), revisions.slice(1));
      }),
  },
  {
    title: 'a restart loses nothing silently',
    async run(subject) {
      const [before, after] = await using(subject, async (store) => {
        const { revision } = await store.load();
        return [revision, await committed(store, [put('web', '1')])];
      });
      await using(subject, async (store) => {
        const [event] = await followed(store, before, 1);
        assert.ok(event?.kind === 'compacted' || (event?.kind === 'commit' && event.revision === after));
        const following = followed(store, after, 1);
        const next = await committed(store, [put('web', '2')]);
        assert.deepEqual(revisionsOf(await following), [next]);
      });
    },
  },
  {
    title: 'nobody can follow from a revision that was never reached',
    run: (subject) =>
      using(subject, async (store) => {
        const { revision } = await store.load();
        assert.deepEqual(await followed(store, revision + 1_000, 2), [{ kind: 'compacted' }]);
      }),
  },
  {
    title: 'nobody hears of a refused commit, and a writer does not hear of its own signs of life',
    run: (subject) =>
      using(subject, async (store) => {
        const following = followed(store, (await store.load()).revision, 2);
        const first = await committed(store, [put('web', '1')]);
        assert.equal((await store.commit([put('web', '2')], [as(0, 'web', '1')])).kind, 'conflict');
        await store.noteSeen([{ kind: 'instance', key: 'web/1', seenMs: 42 }], 43);
        const second = await committed(store, [put('web', '3')]);
        const told = await following;
        assert.deepEqual([told.length, ...revisionsOf(told)], [2, first, second]);
      }),
  },
  {
    title: 'several may follow, each at its own place, and following ends with the signal or the store',
    async run(subject) {
      const store = await subject.open();
      const { revision } = await store.load();
      const quick = followed(store, revision, 2);
      const aborted = new AbortController();
      const waiting = store.follow(revision, aborted.signal)[Symbol.asyncIterator]();
      const toClose = followed(store, revision, 99);
      const told = waiting.next();
      const first = await committed(store, [put('web', '1')]);
      assert.deepEqual(revisionsOf([(await told).value ?? assert.fail('nothing was told')]), [first]);
      const next = waiting.next();
      aborted.abort();
      assert.equal((await next).done, true);
      const second = await committed(store, [put('web', '2')]);
      assert.deepEqual(revisionsOf(await quick), [first, second]);
      await store.close();
      assert.deepEqual(revisionsOf(await toClose), [first, second]);
    },
  },
  {
    title: 'a follower from a forgotten place is told to load again',
    needs: 'compact',
    run: (subject) =>
      using(subject, async (store) => {
        const { revision } = await store.load();
        const last = await committed(store, [put('web', '1')]);
        await subject.compact?.();
        assert.deepEqual(await followed(store, revision, 2), [{ kind: 'compacted' }]);
        assert.equal((await store.load()).revision, last);
        const following = followed(store, last, 1);
        const next = await committed(store, [put('web', '2')]);
        assert.deepEqual(revisionsOf(await following), [next]);
      }),
  },
];

/** What is promised where another registry works on the same storage. */
export const otherWriterCases: readonly StoreCase[] = [
  {
    title: "another writer's commits come in one order with one's own",
    needs: 'openAnother',
    run: (subject) =>
      usingTwo(subject, async (store, another) => {
        const { revision } = await store.load();
        const following = [followed(store, revision, 4), followed(another, revision, 4)];
        const revisions = [
          await committed(store, [put('web', '1')]),
          await committed(another, [put('web', '2')]),
          await committed(another, [remove('web', '1')]),
          await committed(store, [put('web', '3')]),
        ];
        const [own, others] = await Promise.all(following);
        assert.deepEqual(revisionsOf(own ?? []), revisions);
        assert.deepEqual(own, others);
      }),
  },
  {
    title: 'no commit of another writer is lost between a load and following from it',
    needs: 'openAnother',
    run: (subject) =>
      usingTwo(subject, async (store, another) => {
        const { revision } = await store.load();
        const missed = await committed(another, [put('web', '1')]);
        assert.deepEqual(revisionsOf(await followed(store, revision, 1)), [missed]);
        assert.equal((await store.load()).revision, missed);
      }),
  },
  {
    title: 'a condition sees what another writer has done, and says up to where to follow',
    needs: 'openAnother',
    run: (subject) =>
      usingTwo(subject, async (store, another) => {
        const first = await committed(store, [put('web', '1')]);
        const second = await committed(another, [put('web', '1', { port: 2 })]);
        const condition = as(first, 'web', '1');
        const result = await store.commit([put('web', '1', { port: 3 })], [condition]);
        assert.deepEqual(result, { kind: 'conflict', condition, revision: second });
        await committed(store, [put('web', '1', { port: 3 })], [as(second, 'web', '1')]);
        assert.deepEqual(await records(another), await records(store));
      }),
  },
  {
    title: "another writer's signs of life arrive, and take no revision",
    needs: 'openAnother',
    run: (subject) =>
      usingTwo(subject, async (store, another) => {
        const last = await committed(store, [put('web', '1')]);
        const following = followed(store, last, 1);
        const signs = [{ kind: 'instance', key: 'web/1', seenMs: 42 }] as const;
        await another.noteSeen(signs, 43);
        assert.deepEqual(await following, [{ kind: 'seen', signs }]);
        assert.equal((await store.load()).revision, last);
      }),
  },
  {
    title: 'two writers have two names, are both known to be active, and it is noticed when one stops',
    needs: 'openAnother',
    run: (subject) =>
      usingTwo(subject, async (store, another) => {
        const { owners, revision } = await store.load();
        assert.deepEqual([...owners].sort(), [store.owner, another.owner].sort());
        assert.notEqual(store.owner, another.owner);
        const following = followed(store, revision, 1);
        await another.close();
        assert.deepEqual(await following, [{ kind: 'owner-gone', owner: another.owner }]);
        assert.deepEqual((await store.load()).owners, [store.owner]);
      }),
  },
];
