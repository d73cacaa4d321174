import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { documentPaths, readDocument, readText, repository } from './documents.ts';

const folders = /^(?:packages|apps|tests|scripts|docs|bench|deploy|examples)\//;
const rootFile = /^\.?[A-Za-z][\w.-]*\.(?:md|json|ts|mjs)$/;

/** What the documents tell the reader to make, or what only stands for a kind of file. */
const madeByReader = /NNNN|<|^apps\/greeting-service\//;

suite('what the documents mention exists', () => {
  for (const path of documentPaths()) {
    test(`every file that ${path} mentions exists`, () => {
      for (const name of readDocument(path).inlineCode) {
        if (!folders.test(name) || madeByReader.test(name)) continue;
        assert.ok(matches(name.replace(/[:#].*$/, '')), `${path} names ${name}, which does not exist`);
      }
    });

    test(`every link in ${path} works`, () => {
      for (const link of readDocument(path).links) {
        if (/^(?:https?:|mailto:)/.test(link)) continue;
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? path : join(dirname(path), file);
        assert.ok(matches(target), `${path} links to ${link}, which does not exist`);
        if (anchor === undefined) continue;
        const anchors = readDocument(target).headings.map((heading) => anchorOf(heading.text));
        assert.ok(anchors.includes(decodeURIComponent(anchor)), `${path} links to ${link}: no such heading`);
      }
    });

    test(`every npm script that ${path} mentions exists`, () => {
      // The file is ours.
      const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
      for (const [, name = ''] of readText(path).matchAll(/\bnpm run ([a-z][\w:-]*)/g)) {
        assert.ok(name in scripts, `${path} names "npm run ${name}"`);
      }
    });
  }

  test('the map in ARCHITECTURE.md shows every package', () => {
    const shown = readDocument('ARCHITECTURE.md').inlineCode;
    for (const path of globSync('packages/*', { cwd: repository })) assert.ok(shown.includes(path), path);
  });

  test('a file that a document mentions at the root exists', () => {
    for (const path of ['README.md', 'README.zh-CN.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']) {
      const here = readDocument(path).inlineCode.filter((name) => rootFile.test(name) && /^[A-Z.]/.test(name));
      for (const name of here) assert.ok(matches(name), `${path} names ${name}, which does not exist`);
    }
  });
});

function matches(pattern: string): boolean {
  return globSync(pattern.replace(/\/$/, ''), { cwd: repository }).length > 0;
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
