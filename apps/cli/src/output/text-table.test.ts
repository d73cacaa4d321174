import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, textTable } from './text-table.ts';

interface Row {
  readonly name: string;
  readonly port: number;
}
const columns: readonly Column<Row>[] = [
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'PORT', cell: ({ port }) => String(port), right: true },
  { title: 'LENGTH', cell: ({ name }) => `${name.length} letters`, expendable: 1 },
];
const rows: readonly Row[] = [
  { name: 'gateway', port: 80 },
  { name: '商品', port: 8080 },
];

test('columns are as wide as their content', () => {
  assert.deepEqual(textTable(columns, rows, 80), [
    'NAME     PORT  LENGTH',
    'gateway    80  7 letters',
    '商品     8080  2 letters',
  ]);
});

test('columns that do not fit a narrow terminal are left out and named', () => {
  assert.deepEqual(textTable(columns, rows, 20), [
    'NAME     PORT',
    'gateway    80',
    '商品     8080',
    '(no room for length:',
    'make the window',
    'wider, or use',
    '--json)',
  ]);
  assert.equal(textTable(columns, rows, 5)[1], 'gateway    80');
  assert.equal(textTable(columns, rows, undefined).length, 3);
});

test('a row can have lines below it', () => {
  assert.deepEqual(
    textTable(columns.slice(0, 1), rows, 80, ({ port }) => (port > 100 ? ['  why'] : [])),
    ['NAME', 'gateway', '商品', '  why'],
  );
});
