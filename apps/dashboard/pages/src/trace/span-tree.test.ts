import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleSpan } from '../../fixtures/sample-trace.ts';
import { openRows, rowsWith, spanRows } from './span-tree.ts';

const spans = [
  sampleSpan('root', { durationMs: 100 }),
  sampleSpan('late', {
    parentSpanId: 'root',
    offsetMs: 60,
    durationMs: 30,
    attributes: { 'db.query.text': 'SELECT ?' },
  }),
  sampleSpan('early', { parentSpanId: 'root', offsetMs: 10, durationMs: 30 }),
  sampleSpan('leaf', { parentSpanId: 'early', offsetMs: 15, durationMs: 5 }),
];

test('parents come before children, children by time', () => {
  assert.deepEqual(
    spanRows(spans).map(({ span, level, below }) => [span.spanId, level, below]),
    [
      ['root', 1, 3],
      ['early', 2, 1],
      ['leaf', 3, 0],
      ['late', 2, 0],
    ],
  );
});

test("a span's own time leaves out that of its children, once where they overlap", () => {
  const rows = spanRows([
    sampleSpan('root', { durationMs: 100 }),
    sampleSpan('a', { parentSpanId: 'root', offsetMs: 10, durationMs: 50 }),
    sampleSpan('b', { parentSpanId: 'root', offsetMs: 40, durationMs: 40 }),
    sampleSpan('after', { parentSpanId: 'root', offsetMs: 90, durationMs: 500 }),
  ]);
  assert.equal(rows[0]?.ownMs, 20);
});

test('a row says whether its service is another than that above it', () => {
  const rows = spanRows([
    sampleSpan('root'),
    sampleSpan('same', { parentSpanId: 'root' }),
    sampleSpan('other', { parentSpanId: 'same', service: 'user-service' }),
  ]);
  assert.deepEqual(
    rows.map(({ isOtherService }) => isOtherService),
    [true, false, true],
  );
});

test('a span whose parent is not here stands at the top', () => {
  const rows = spanRows([sampleSpan('orphan', { parentSpanId: 'gone' })]);
  assert.deepEqual(
    rows.map(({ level }) => level),
    [1],
  );
});

test('spans that are each other’s parents, or have one id, do not hang the page', () => {
  const rows = spanRows([
    sampleSpan('root'),
    sampleSpan('twice', { parentSpanId: 'root' }),
    sampleSpan('twice', { parentSpanId: 'twice' }),
    sampleSpan('a', { parentSpanId: 'b' }),
    sampleSpan('b', { parentSpanId: 'a' }),
  ]);
  assert.deepEqual(
    rows.map(({ span }) => span.spanId),
    ['root', 'twice'],
  );
});

test('what is below a closed span is not shown', () => {
  const rows = openRows(spanRows(spans), new Set(['early']));
  assert.deepEqual(
    rows.map(({ span }) => span.spanId),
    ['root', 'early', 'late'],
  );
});

test('a text keeps the spans that contain it, and those that lead there', () => {
  assert.deepEqual(
    rowsWith(spanRows(spans), 'LEAF').map(({ span }) => span.spanId),
    ['root', 'early', 'leaf'],
  );
  assert.deepEqual(
    rowsWith(spanRows(spans), 'select').map(({ span }) => span.spanId),
    ['root', 'late'],
  );
  assert.equal(rowsWith(spanRows(spans), ' ').length, 4);
});

test('a chain of 20,000 spans has its rows', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) =>
    sampleSpan(`s${index}`, index === 0 ? {} : { parentSpanId: `s${index - 1}` }),
  );
  const rows = spanRows(chain);
  assert.equal(rows.at(-1)?.level, 20_000);
  assert.equal(rows[0]?.below, 19_999);
});
