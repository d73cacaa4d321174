import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { recordStore } from '@flotilla/kit/database';
import { entityTag, type Precondition } from '@flotilla/kit/resource';
import { type CartDatabase, openCarts } from './carts.ts';

/** Texts that some database takes for the same, and that are not. */
const different = [
  'straße',
  'strasse',
  'STRASSE',
  'é',
  'e\u0301',
  'e',
  'E',
  'İ',
  'i',
  'a',
  'a ',
  ' a',
  'a\t',
  'ａ',
  'ﬁ',
  'fi',
  '商品',
  '商品 ',
  '🚀',
  '🚁',
  '👩‍👩‍👧',
  '👩👩👧',
  'a\u200b',
  'ß',
  '\u{10ffff}',
];

/** Texts that a statement would fall over, if values became part of it. */
const awkward = [
  "O'Brien",
  '"double"',
  '`back`',
  'back\\slash',
  "\\'",
  "'; DROP TABLE carts; --",
  '%_%',
  '$1 ? :name',
  '${x}',
  'line\nbreak\r\n',
  '\u2028',
  '/* no comment */',
  '\\u0041\\x41',
  'null',
  '',
];

/** What a kind of database keeps of values. `fresh`: the URL of a database that has nothing yet. */
export function describeValues(name: string, fresh: () => Promise<string>): void {
  describe(`${name} keeps values as they are`, () => {
    const opened = async (): Promise<CartDatabase> => openCarts(await fresh());
    const owners = async ({ carts }: CartDatabase): Promise<readonly string[]> =>
      (await carts.page({ limit: 100 })).rows.map(({ owner }) => owner);

    test('texts that differ in case, accents, trailing spaces or characters beyond 16 bits are different ones', async () => {
      await using db = await opened();
      for (const owner of different) await db.carts.add({ owner, note: owner, total_cents: 1 });
      assert.deepEqual(await owners(db), different);
      for (const note of different) {
        const { rows } = await db.carts.page({ limit: 100 }, { note });
        assert.deepEqual(
          rows.map(({ owner }) => owner),
          [note],
        );
      }
      await assert.rejects(db.carts.add({ owner: 'é', note: null, total_cents: 1 }), isTaken);
    });

    test('texts are sorted by their characters, whatever the language of the server', async () => {
      await using db = await opened();
      for (const owner of different) await db.carts.add({ owner, note: null, total_cents: 1 });
      const sorted = await db.database.query.selectFrom('carts').select('owner').orderBy('owner').execute();
      const byBytes = [...different].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
      assert.deepEqual(
        sorted.map(({ owner }) => owner),
        byBytes,
      );
    });

    test('quotes, backslashes and what looks like SQL are values', async () => {
      await using db = await opened();
      for (const [index, owner] of awkward.entries()) {
        const cart = await db.carts.add({ owner, note: null, total_cents: index });
        assert.equal((await db.carts.change(cart.id, { note: owner })).note, owner);
        assert.deepEqual((await db.carts.page({}, { note: owner })).rows, [{ ...cart, note: owner }]);
      }
      assert.deepEqual(await owners(db), awkward);
    });

    test('money and times are exact up to the largest whole number that JavaScript has', async () => {
      await using db = await opened();
      const amounts = [
        0,
        1,
        9_007_199_254_740_991,
        9_007_199_254_740_990,
        4_503_599_627_370_497,
        Date.UTC(2026, 2, 29, 1, 30),
      ];
      for (const total_cents of amounts) {
        const cart = await db.carts.add({ owner: String(total_cents), note: null, total_cents });
        assert.deepEqual(await db.carts.get(cart.id), { ...cart, total_cents });
        assert.deepEqual((await db.carts.page({}, { total_cents })).rows, [cart]);
      }
      const { query } = db.database;
      const sum = await query
        .selectFrom('carts')
        .select((row) => [row.fn.sum<number>('total_cents').as('sum'), row.fn.countAll<number>().as('count')])
        .where('total_cents', '<', 4_503_599_627_370_498)
        .executeTakeFirstOrThrow();
      assert.deepEqual(sum, { sum: 1 + 4_503_599_627_370_497 + Date.UTC(2026, 2, 29, 1, 30), count: 4 });
    });

    test('null is a value: it is found, changed and compared', async () => {
      await using db = await opened();
      const read = await db.carts.add({ owner: 'a', note: null, total_cents: 1 });
      const changed = await db.carts.change(read.id, { note: 'x' }, unchanged(read));
      await assert.rejects(
        db.carts.change(read.id, { note: 'y' }, unchanged(read)),
        isAppErrorOf('PRECONDITION_FAILED'),
      );
      const back = await db.carts.change(read.id, { note: null }, unchanged(changed));
      assert.deepEqual(back, read);
      await assert.rejects(db.carts.remove(read.id, unchanged(changed)), isAppErrorOf('PRECONDITION_FAILED'));
      assert.deepEqual(await db.carts.remove(read.id, unchanged(read)), read);
    });

    test('a change to what is there already is one', async () => {
      await using db = await opened();
      const cart = await db.carts.add({ owner: 'a', note: 'same', total_cents: 1 });
      assert.deepEqual(await db.carts.change(cart.id, { note: 'same' }), cart);
      assert.deepEqual(await db.carts.change(cart.id, { note: 'same' }, unchanged(cart)), cart);
    });

    test('a long text is kept, to the last character', async () => {
      await using db = await opened();
      // The suite's own second table.
      const papers = recordStore<{ readonly id: number; readonly body: string }>(
        db.database as unknown as Parameters<typeof recordStore>[0],
        { table: 'papers', columns: ['id', 'body'] },
      );
      for (const body of ['', 'é🚀'.repeat(150_000), `${'x'.repeat(1_048_575)}.`])
        assert.equal((await papers.get((await papers.add({ body })).id)).body, body);
    });

    test('a value that a column cannot hold is refused, and nothing is written', async () => {
      await using db = await opened();
      const bad = [
        { owner: null, note: null, total_cents: 1 },
        { owner: 'negative', note: null, total_cents: -1 },
        { owner: 'fraction', note: null, total_cents: 'many' },
      ];
      for (const values of bad) {
        const failed = db.carts.add(values as unknown as { owner: string; note: null; total_cents: number });
        await assert.rejects(failed, (error) => !isAppErrorOf('STORAGE_UNAVAILABLE')(error) && !isTaken(error));
      }
      assert.deepEqual(await owners(db), []);
    });
  });
}

const isAppErrorOf = (code: string) => (error: unknown) => isAppError(error) && error.code === code;
const isTaken = isAppErrorOf('ALREADY_EXISTS');

/** The condition of somebody who has read `record`. */
function unchanged(record: unknown): Precondition {
  return { match: [{ weak: false, opaque: entityTag(JSON.stringify(record)) }], noneMatch: [] };
}
