import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowByKey, scrollToRow, visibleRows } from './visible-rows.ts';

test('a list of 10,000 rows draws only those that are visible, and some spare ones', () => {
  const rows = visibleRows(10_000, 30, { scrollTopPx: 150_000, heightPx: 600 });
  assert.equal(rows.totalPx, 300_000);
  assert.ok(rows.first <= 5000 && rows.end >= 5020, 'what is visible is drawn');
  assert.ok(rows.end - rows.first < 40, `${rows.end - rows.first} rows are drawn`);
  assert.equal(rows.offsetPx, rows.first * 30);
});

test('a list that became shorter than where it was scrolled to shows its end', () => {
  const rows = visibleRows(50, 30, { scrollTopPx: 150_000, heightPx: 600 });
  assert.ok(rows.first <= 30);
  assert.equal(rows.end, 50);
});

test('a list shorter than its frame draws all its rows, an empty one none', () => {
  assert.deepEqual(visibleRows(3, 30, { scrollTopPx: 0, heightPx: 600 }), {
    first: 0,
    end: 3,
    totalPx: 90,
    offsetPx: 0,
  });
  assert.deepEqual(visibleRows(0, 30, { scrollTopPx: 0, heightPx: 600 }), {
    first: 0,
    end: 0,
    totalPx: 0,
    offsetPx: 0,
  });
});

test('a row that is visible does not scroll the list; one that is not comes to the nearest edge', () => {
  const place = { scrollTopPx: 300, heightPx: 300 };
  assert.equal(scrollToRow(12, 30, place), 300);
  assert.equal(scrollToRow(2, 30, place), 60);
  assert.equal(scrollToRow(25, 30, place), 480);
});

test('keys move through the rows and stop at both ends', () => {
  assert.equal(rowByKey('ArrowDown', 0, 100, 20), 1);
  assert.equal(rowByKey('ArrowUp', 0, 100, 20), 0);
  assert.equal(rowByKey('PageDown', 95, 100, 20), 99);
  assert.equal(rowByKey('PageUp', 30, 100, 20), 11);
  assert.equal(rowByKey('Home', 30, 100, 20), 0);
  assert.equal(rowByKey('End', 30, 100, 20), 99);
  assert.equal(rowByKey('a', 30, 100, 20), undefined);
  assert.equal(rowByKey('ArrowDown', 0, 0, 20), undefined);
});
