import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineErrors, isAppError } from '@flotilla/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import { linkToNext } from '../http/link-to-next.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { lineOfText } from './line-of-text.ts';
import { pageQueryShape, readPage } from './page.ts';
import { parseRecordId, readRecordId } from './record-id.ts';

test('an id has exactly one spelling', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => parseRecordId(String(id)) === id),
  );
  const no = [
    '',
    '0',
    '01',
    '+1',
    '-1',
    '1.5',
    '1.0',
    '1e3',
    ' 1',
    '1 ',
    'x',
    '0x1',
    '１',
    '9007199254740992',
    '99999999999999999',
  ];
  for (const text of [...no, undefined, 1, null, ['1'], ['1', '2']])
    assert.equal(parseRecordId(text), undefined, String(text));
  assert.equal(parseRecordId('9007199254740991'), Number.MAX_SAFE_INTEGER);
});

const shopErrors = defineErrors('shop-service', {
  BAD_CART_ID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The id of the cart is not valid', 'zh-CN': '无效的购物车 ID' },
    cause: 'Of a test.',
    action: 'Nothing.',
  },
});

test('an invalid id is answered with the code and its field', () => {
  assert.throws(
    () => readRecordId(['1', '2'], '?id', shopErrors.BAD_CART_ID),
    (error) => {
      assert.ok(isAppError(error));
      assert.equal(error.code, 'BAD_CART_ID');
      assert.equal(error.fields[0]?.field, '?id');
      assert.equal(error.fields[0]?.code, 'GIVEN_TWICE');
      return true;
    },
  );
});

test('a cursor returns the id it was made from, and nothing else is a cursor', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => decodeCursor(encodeCursor(id)) === id),
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      const id = decodeCursor(text);
      assert.ok(id === undefined || encodeCursor(id) === text);
    }),
  );
  assert.equal(decodeCursor(`${encodeCursor(1)}=`), undefined);
});

test('following the links reads every row exactly once, even while rows are added and removed', async () => {
  const rows = Array.from({ length: 25 }, (_, index) => ({ id: index * 3 + 1 }));
  const stay = rows.filter((row) => row.id % 2 === 1).map((row) => row.id);
  const query = z.strictObject({ ...pageQueryShape });
  const seen: number[] = [];
  let target: string | undefined = '/rows?limit=4';
  while (target !== undefined) {
    const asked = query.parse(Object.fromEntries(new URL(target, 'http://x').searchParams));
    const page = await readPage(asked, async ({ afterId, limit }) =>
      rows.filter((row) => row.id > afterId).slice(0, limit),
    );
    seen.push(...page.rows.map((row) => row.id));
    if (rows.length < 60) rows.push({ id: (rows.at(-1)?.id ?? 0) + 1 });
    const gone = rows.findIndex((row) => row.id % 2 === 0);
    if (gone >= 0) rows.splice(gone, 1);
    target = /^<(.+)>; rel="next"$/.exec(linkToNext(target, page) ?? '')?.[1];
    assert.ok(page.rows.length <= 4);
  }
  assert.deepEqual(
    seen,
    [...new Set(seen)].sort((a, b) => a - b),
  );
  for (const id of stay) assert.ok(seen.includes(id), `row ${id} was skipped`);
});

test('only documented page sizes and cursors are accepted', () => {
  const query = z.strictObject({ ...pageQueryShape });
  for (const limit of ['1', '1000']) assert.equal(query.safeParse({ limit }).success, true, limit);
  for (const limit of ['0', '-1', '1001', '1.5', '', '01', 'x', ['1', '2']])
    assert.equal(query.safeParse({ limit }).success, false);
  for (const cursor of ['', 'x', ['a', 'b']]) assert.equal(query.safeParse({ cursor }).success, false);
});

test('a line of text has a visible character, and none that changes the direction of writing', () => {
  const name = lineOfText(20);
  const problem = (text: string): string | undefined => name.safeParse(text).error?.issues[0]?.message;
  for (const good of ['A', ' 李雷 ', 'می\u200cخواهم', '👩\u200d🚀', 'é', 'e\u0301', '!', '\ue000'])
    assert.equal(problem(good), undefined, JSON.stringify(good));
  const unseen = [
    '\u200b',
    '\u200d \ufe0f',
    '\u3164',
    '\u115f',
    '\u2800',
    '\u00ad',
    '\u0301',
    '\u{e0041}',
    '\ufeff\u2060',
  ];
  for (const bad of unseen) assert.match(problem(bad) ?? '', /visible|at least|>=/, JSON.stringify(bad));
  for (const bad of ['a\u202eb', '\u200fa', 'a\u2066b\u2069', '\u061ca'])
    assert.match(problem(bad) ?? '', /direction/, JSON.stringify(bad));
});
