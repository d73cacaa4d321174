import assert from 'node:assert/strict';
import { type Change, checkKey, instanceKey } from '@flotilla/registry';
import {
  assertRising,
  committed,
  followed,
  keys,
  put,
  records,
  remove,
  type StoreCase,
  using,
} from './record-store-steps.ts';

const web1 = { name: 'web', id: '1' };
const key = instanceKey('web', '1');

function putKey(name: string): Change {
  return { type: 'put', kind: 'key', key: name, value: { key: name, value: '' } };
}

/** Keys in the order of their bytes in UTF-8, which is not that of JavaScript. */
const ordered = ['a', 'a/', 'a/b', 'a/\uffff', 'a/😀', 'a0', 'b', '\ue000', '😀'];

/** What a store keeps beside the instances: its history's name, other kinds of records, when it worked last. */
export const casesBesideInstances: readonly StoreCase[] = [
  {
    title: 'the time when the registry last worked is kept, even without a sign of life',
    async run(subject) {
      await using(subject, async (store) => {
        assert.equal((await store.load()).aliveMs, 0);
        await store.noteSeen([], 43);
      });
      await using(subject, async (store) => assert.equal((await store.load()).aliveMs, 43));
    },
  },
  {
    title: 'a history has a name, which it keeps, and which no other history has',
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
    title: 'a token is kept, and removed with a record that has none',
    async run(subject) {
      const tokenOf = (): Promise<string | undefined> =>
        using(subject, async (store) => {
          const [record] = await records(store);
          return record?.kind === 'instance' ? record.value.token : undefined;
        });
      await using(subject, (store) => committed(store, [put('web', '1', { token: 'a token of its own' })]));
      assert.equal(await tokenOf(), 'a token of its own');
      await using(subject, (store) => committed(store, [put('web', '1')]));
      assert.equal(await tokenOf(), undefined);
    },
  },
  {
    title: 'kinds are separate even if their keys are equal, and each survives the others',
    async run(subject) {
      const check = { ...web1, check: 'process', status: 'critical' } as const;
      const others: readonly Change[] = [
        { type: 'put', kind: 'maintenance', key, value: { ...web1, goneMs: 17 } },
        { type: 'put', kind: 'check', key: checkKey('web', '1', 'process'), value: check },
      ];
      const kept = (): Promise<unknown> =>
        using(subject, async (store) => new Map((await records(store)).map(({ kind, value }) => [kind, value])));
      const revision = await using(subject, async (store) => {
        const first = await committed(store, [put('web', '1'), ...others]);
        const second = await committed(store, [remove('web', '1')]);
        assertRising([first, second]);
        return first;
      });
      assert.deepEqual(
        await kept(),
        new Map<string, unknown>([
          ['maintenance', { ...web1, goneMs: 17 }],
          ['check', check],
        ]),
      );
      await using(subject, async (store) => {
        for (const record of await records(store)) assert.equal(record.revision, revision);
        await committed(store, [
          { type: 'put', kind: 'maintenance', key, value: web1 },
          { type: 'delete', kind: 'check', key: checkKey('web', '1', 'process') },
        ]);
      });
      assert.deepEqual(await kept(), new Map([['maintenance', web1]]));
    },
  },
  {
    title:
      'a range removes the records of its kind from its first key on and before its end, by the bytes of their keys',
    run: (subject) =>
      using(subject, async (store) => {
        const range = { type: 'delete-range', kind: 'key' } as const;
        for (const [from, first] of [...ordered, '\u{10ffff}'].entries())
          for (const [to, end] of [...ordered.slice(from).entries(), [undefined, undefined]] as const) {
            await committed(store, [...ordered.map(putKey), put('b', '1')]);
            await committed(store, [{ ...range, from: first, to: end }]);
            const left =
              to === undefined ? ordered.slice(0, from) : ordered.filter((_, at) => at < from || at >= from + to);
            assert.deepEqual(await keys(store), [...left, 'b/1'].sort(), `${first} to ${end}`);
          }
      }),
  },
  {
    title: 'a record that is put after a range in the same commit stays, as a new one',
    run: (subject) =>
      using(subject, async (store) => {
        await committed(store, [putKey('a/b'), putKey('a/c')]);
        const range = { type: 'delete-range', kind: 'key', from: 'a/', to: 'a0' } as const;
        const revision = await committed(store, [range, putKey('a/c')]);
        assert.deepEqual(await records(store), [
          { kind: 'key', key: 'a/c', value: { key: 'a/c', value: '' }, createdRevision: revision, revision },
        ]);
      }),
  },
  {
    title: 'a range is told to those who follow as it is',
    run: (subject) =>
      using(subject, async (store) => {
        const { revision } = await store.load();
        const following = followed(store, revision, 1);
        const changes: readonly Change[] = [{ type: 'delete-range', kind: 'key', from: 'a', to: 'b' }];
        const told = await committed(store, changes);
        assert.deepEqual(await following, [{ kind: 'commit', revision: told, changes, lines: [] }]);
      }),
  },
];
