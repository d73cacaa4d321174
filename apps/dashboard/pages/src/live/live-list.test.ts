import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cleared,
  emptyList,
  type LiveList,
  paused,
  reachesKnown,
  resumed,
  withNew,
  withNewest,
  withOlder,
} from './live-list.ts';

interface Line {
  readonly id: number;
  readonly atMs: number;
  readonly text?: string;
}

/** As many as a page keeps. */
const keptRows = 20_000;

const keyOf = ({ id }: Line): number => id;
const empty: LiveList<Line> = emptyList();

function line(id: number, atMs = id): Line {
  return { id, atMs };
}

function ids(rows: readonly Line[]): readonly number[] {
  return rows.map(keyOf);
}

test('new rows come first, and a row that is sent twice is there once', () => {
  const list = withNew(withNew(empty, [line(1), line(2)], keyOf), [line(2), line(4), line(3)], keyOf);
  assert.deepEqual(ids(list.rows), [4, 3, 2, 1]);
});

test('rows of one moment are in the order of their keys', () => {
  assert.deepEqual(ids(withNew(empty, [line(1, 5), line(3, 5), line(2, 5)], keyOf).rows), [3, 2, 1]);
});

test('a row that arrives late stands where its time says', () => {
  const list = withNew(withNew(empty, [line(1, 100), line(2, 300)], keyOf), [line(3, 200)], keyOf);
  assert.deepEqual(ids(list.rows), [2, 3, 1]);
});

test('a row that is known takes its newest form', () => {
  const known = withNew(empty, [line(1)], keyOf);
  assert.equal(withNew(known, [{ ...line(1), text: 'new' }], keyOf).rows[0]?.text, 'new');
  const reading = withNew(paused(known), [{ ...line(1), text: 'new' }], keyOf);
  assert.equal(reading.rows[0]?.text, 'new');
  assert.deepEqual(reading.waiting, []);
});

test('while a person reads nothing moves, and nothing is lost', () => {
  let list = paused(withNew(empty, [line(1)], keyOf));
  list = withNew(list, [line(2), line(3), line(1)], keyOf);
  assert.deepEqual(ids(list.rows), [1]);
  assert.deepEqual(ids(list.waiting), [3, 2]);
  list = resumed(list, keyOf);
  assert.deepEqual(ids(list.rows), [3, 2, 1]);
  assert.deepEqual(list.waiting, []);
});

test('a page keeps a limited number of rows, and says how many it had to leave out', () => {
  const many = Array.from({ length: keptRows + 5 }, (_, index) => line(index));
  assert.equal(withNew(empty, many, keyOf).rows.length, keptRows);
  const reading = withNew(paused(empty), many, keyOf);
  assert.equal(reading.waiting.length, keptRows);
  assert.equal(reading.missed, 5);
  assert.equal(resumed(reading, keyOf).missed, 0);
});

test('older rows join those that came meanwhile', () => {
  const list = withOlder(withNew(empty, [line(5), line(4)], keyOf), [line(4), line(3)], 'next', keyOf);
  assert.deepEqual(ids(list.rows), [5, 4, 3]);
  assert.equal(list.cursor, 'next');
});

test('a page of the newest rows that does not reach down to the known ones leaves a gap', () => {
  const known = withNew(empty, [line(1), line(2)], keyOf);
  assert.equal(reachesKnown(known, [line(9), line(2)], true, keyOf), true);
  assert.equal(reachesKnown(known, [line(9), line(8)], true, keyOf), false);
  assert.equal(reachesKnown(known, [line(9), line(8)], false, keyOf), true);
  assert.equal(reachesKnown(empty, [line(9)], true, keyOf), true);
});

test('a row that the newest page has no more is gone, unless it is older than the page or somebody reads', () => {
  const known = withNew(empty, [line(1), line(5), line(6), line(7)], keyOf);
  const page = [line(8), line(7), line(5)];
  assert.deepEqual(ids(withNewest(known, page, true, keyOf).rows), [8, 7, 5, 1]);
  assert.deepEqual(ids(withNewest(known, page, false, keyOf).rows), [8, 7, 5]);
  const reading = withNewest(paused(known), page, true, keyOf);
  assert.deepEqual(ids(reading.rows), [7, 6, 5, 1]);
  assert.deepEqual(ids(reading.waiting), [8]);
});

test('a cleared list shows only what follows', () => {
  const list = withNew(cleared(withNew(empty, [line(1)], keyOf)), [line(2)], keyOf);
  assert.deepEqual(ids(list.rows), [2]);
});
