import assert from 'node:assert/strict';
import { assertRising, committed, put, remove, type StoreCase, using } from './instance-store-steps.ts';

/** What a store keeps beside the instances: its history's name, the tokens, what operators wish, when it worked last. */
export const casesBesideInstances: readonly StoreCase[] = [
  {
    title: 'when the registry worked last is kept, also when no sign of life came with it',
    async run(subject) {
      await using(subject, async (store) => {
        assert.equal((await store.load()).aliveMs, 0);
        await store.noteSeen([], 43);
      });
      await using(subject, async (store) => assert.equal((await store.load()).aliveMs, 43));
    },
  },
  {
    title: 'a history has a name, which it keeps, and no other history has',
    async run(subject) {
      const historyOf = (): Promise<string> => using(subject, async (store) => (await store.load()).history);
      const first = await historyOf();
      assert.notEqual(first, '');
      await using(subject, (store) => committed(store, [put('web', '1')]));
      assert.equal(await historyOf(), first);
      await subject.dispose();
      assert.notEqual(await historyOf(), first);
    },
  },
  {
    title: 'a token is kept, and goes with a record that has none',
    async run(subject) {
      const tokenOf = (): Promise<string | undefined> =>
        using(subject, async (store) => (await store.load()).instances[0]?.record.token);
      await using(subject, (store) => committed(store, [put('web', '1', { token: 'a token of its own' })]));
      assert.equal(await tokenOf(), 'a token of its own');
      await using(subject, (store) => committed(store, [put('web', '1')]));
      assert.equal(await tokenOf(), undefined);
    },
  },
  {
    title: 'maintenance is kept apart from the instance, also when that goes, until it is ended',
    async run(subject) {
      const wished = (): Promise<unknown> => using(subject, async (store) => (await store.load()).maintenance);
      const web1 = { name: 'web', id: '1' };
      await using(subject, async (store) => {
        const revisions = await committed(store, [
          put('web', '1'),
          { kind: 'maintain', name: 'web', id: '2', goneMs: undefined },
          { kind: 'maintain', ...web1, goneMs: undefined },
          remove('web', '1'),
        ]);
        assertRising(revisions);
      });
      assert.deepEqual(await wished(), [
        { ...web1, goneMs: undefined },
        { name: 'web', id: '2', goneMs: undefined },
      ]);
      await using(subject, (store) =>
        committed(store, [
          { kind: 'maintain', ...web1, goneMs: 17 },
          { kind: 'end-maintenance', name: 'web', id: '2' },
        ]),
      );
      assert.deepEqual(await wished(), [{ ...web1, goneMs: 17 }]);
    },
  },
];
