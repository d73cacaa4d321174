import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { documentPaths, readDocument, readText, repository } from './documents.ts';
import type { Document } from './markdown.ts';

/** English documents that have a twin in Chinese, with where that is. */
const twins: readonly (readonly [english: string, chinese: string])[] = [
  ['README.md', 'README.zh-CN.md'],
  ...documentPaths()
    .filter((path) => path.startsWith('docs/zh/'))
    .map((path) => [path.replace('docs/zh/', 'docs/'), path] as const),
];

const codeIn = (row: readonly string[] = []): string[] => row.flatMap((cell) => cell.match(/`[^`]+`/g) ?? []).sort();

for (const [english, chinese] of twins) {
  suite(`${english} and ${chinese}`, () => {
    if (readText(chinese).includes('<!--@include:')) {
      test('the second includes the first, and links to it where includes are unknown', () => {
        const place = english.replace('docs/', '../');
        assert.ok(readText(chinese).includes(`<!--@include: ${place}`));
        assert.ok(readDocument(chinese).links.includes(place));
      });
      return;
    }
    const both = [readDocument(english), readDocument(chinese)] as const;
    const same = <T>(part: (document: Document, path: string) => T): void =>
      assert.deepEqual(part(both[1], chinese), part(both[0], english));

    test('have the same headings, level by level', () => same(({ headings }) => headings.map(({ level }) => level)));

    test('show the same code', () => same(({ blocks }) => blocks));

    test('have the same tables: numbers of rows and columns, and names in them', () => {
      same(({ tables }) => tables.map((table) => table.map((row) => row.length)));
      same(({ tables }) => tables.map((table) => table.map(codeIn)));
    });

    test('link to the same places', () => {
      same(({ links }, path) =>
        links
          .map((link) => placeOf(link, path))
          .filter((place) => place !== '')
          .sort(),
      );
    });
  });
}

test('every stop of the tour and every guide exists in Chinese', () => {
  for (const path of documentPaths().filter((each) => /^docs\/(?:tour|guides)\//.test(each)))
    assert.ok(existsSync(join(repository, path.replace('docs/', 'docs/zh/'))), path);
});

/** Where a link leads, the same for both twins; '' for a link to a heading, which differs, and from one twin to the other. */
function placeOf(link: string, path: string): string {
  if (link.startsWith('#') || link.startsWith('README')) return '';
  if (/^https?:/.test(link)) return link;
  return join(path, '..', link.replace(/#.*$/, '')).replace('docs/zh/', 'docs/');
}
