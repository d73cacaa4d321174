import assert from 'node:assert/strict';
import type { RecordStore, TrailLine } from '@flotilla/registry';
import { as, followed, put, type StoreCase, using } from './record-store-steps.ts';

const line = (text: string, service?: string): TrailLine => ({
  atMs: 17,
  text: JSON.stringify({ text }),
  ...(service === undefined ? {} : { service }),
});

/** What is kept, newest first, read in pages. */
async function texts(
  store: RecordStore,
  query: { readonly service?: string; readonly after?: number } = {},
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let next: number | undefined = Number.MAX_SAFE_INTEGER; next !== undefined; ) {
    const page = await store.readTrail({ ...query, before: next, limit: 2 });
    assert.ok(page.lines.length <= 2, 'no more than the limit');
    for (const { text, place } of page.lines) {
      assert.ok(place < next, 'before the place asked for');
      found.push(JSON.parse(text).text);
    }
    assert.ok(page.next === undefined || page.next < next, 'the next page is further back');
    next = page.next;
  }
  return found;
}

/** What a store promises of the audit trail. */
export const trailCases: readonly StoreCase[] = [
  {
    title: 'lines of the trail have the revision of their commit, and are there after a restart, the newest first',
    async run(subject) {
      const first = await using(subject, async (store) => {
        const result = await store.commit([put('web', '1')], [], [line('a 版本', 'web'), line('b')]);
        await store.commit([put('web', '2')], [], [line('c', 'web')]);
        return result.revision;
      });
      await using(subject, async (store) => {
        const { lines } = await store.readTrail({ limit: 10 });
        assert.deepEqual(
          lines.map(({ atMs, service, text }) => [atMs, service, JSON.parse(text).text]),
          [
            [17, 'web', 'c'],
            [17, undefined, 'b'],
            [17, 'web', 'a 版本'],
          ],
        );
        const { revision } = await store.load();
        assert.deepEqual(
          lines.map((kept) => kept.revision),
          [revision, first, first],
        );
        await store.commit([put('web', '3')], [], [line('d')]);
        assert.deepEqual(await texts(store), ['d', 'c', 'b', 'a 版本']);
      });
    },
  },
  {
    title: 'the trail is read in pages without a gap, of one service, and back to a revision',
    run: (subject) =>
      using(subject, async (store) => {
        const revisions: number[] = [];
        for (let index = 0; index < 6; index += 1) {
          const service = index % 2 === 0 ? 'even' : 'odd';
          const lines = [line(`${index}`, service), line(`${index}'`)];
          revisions.push((await store.commit([put('web', `${index}`)], [], lines)).revision);
        }
        assert.deepEqual(await texts(store), ["5'", '5', "4'", '4', "3'", '3', "2'", '2', "1'", '1', "0'", '0']);
        assert.deepEqual(await texts(store, { service: 'even' }), ['4', '2', '0']);
        assert.deepEqual(await texts(store, { service: 'none' }), []);
        const after = revisions[3] ?? 0;
        assert.deepEqual(await texts(store, { after }), ["5'", '5', "4'", '4']);
        assert.deepEqual(await texts(store, { after, service: 'odd' }), ['5']);
      }),
  },
  {
    title: 'a commit that is not carried out leaves no line',
    run: (subject) =>
      using(subject, async (store) => {
        const result = await store.commit([put('web', '1')], [as(17, 'web', '1')], [line('never')]);
        assert.equal(result.kind, 'conflict');
        assert.deepEqual(await texts(store), []);
      }),
  },
  {
    title: 'who follows is told the lines with their commit; lines alone take no revision, and are told to nobody',
    run: (subject) =>
      using(subject, async (store) => {
        const { revision: from } = await store.load();
        const telling = followed(store, from, 1);
        const alone = await store.commit([], [], [line('alone')]);
        assert.deepEqual(alone, { kind: 'committed', revision: from });
        await store.commit([put('web', '1')], [], [line('with', 'web')]);
        const [event] = await telling;
        assert.ok(event?.kind === 'commit');
        assert.deepEqual(event.lines, [line('with', 'web')]);
        assert.deepEqual(await texts(store), ['with', 'alone']);
        const [kept] = (await store.readTrail({ limit: 10 })).lines.slice(-1);
        assert.equal(kept?.revision, from);
      }),
  },
];
