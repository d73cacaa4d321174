import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocument } from './documents.ts';

const english = readDocument('README.md');
const chinese = readDocument('README.zh-CN.md');

test('both READMEs have the same headings, level by level', () => {
  const levels = (document: typeof english): number[] => document.headings.map((heading) => heading.level);
  assert.deepEqual(levels(chinese), levels(english));
});

test('both READMEs show the same code', () => {
  assert.deepEqual(chinese.blocks, english.blocks);
});

test('both READMEs have the same tables: as many rows and columns, and the same names in them', () => {
  const shape = (document: typeof english): number[][] =>
    document.tables.map((table) => table.map((row) => row.length));
  assert.deepEqual(shape(chinese), shape(english));
  for (const [index, table] of english.tables.entries()) {
    for (const [line, row] of table.entries()) {
      const codeIn = (cells: readonly string[] = []): string[] => cells.flatMap((cell) => cell.match(/`[^`]+`/g) ?? []);
      assert.deepEqual(codeIn(chinese.tables[index]?.[line]).sort(), codeIn(row).sort(), row.join(' | '));
    }
  }
});

test('both READMEs lead to the same places', () => {
  const places = (document: typeof english): string[] =>
    document.links.filter((link) => !link.startsWith('#') && !link.startsWith('README')).sort();
  assert.deepEqual(places(chinese), places(english));
});
