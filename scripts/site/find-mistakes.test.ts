import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMistakes } from './find-mistakes.ts';

/** The mistakes of a site with two pages, of which the first has `body`, and a picture. */
function mistakesOf(body: string): readonly string[] {
  const files = new Map([
    ['index.html', body],
    ['guides/start.html', '<h2 id="安装">…</h2><a href="../index.html">home</a>'],
  ]);
  return findMistakes(files, new Set([...files.keys(), 'icon.svg']));
}

test('links to pages, with and without extension, to files, headings and other hosts are fine', () => {
  const good = [
    '/guides/start',
    '/guides/start.html',
    './guides/start#安装',
    '/icon.svg',
    '/',
    '#top',
    'https://a.example/x',
  ];
  const links = good.map((link) => `<a class="x" href="${link}">x</a>`).join('');
  assert.deepEqual(mistakesOf(`<p id="top"></p>${links}`), []);
});

test('a missing page, heading or file is found, each once', () => {
  const bad = ['/guides/end', '/guides/start#none', '#none', '/none.svg', '/guides/', '/guides/end'];
  const found = mistakesOf(bad.map((link) => `<a href="${link}">x</a>`).join(''));
  assert.deepEqual(found, [
    'index.html links to /guides/end: no such page',
    'index.html links to /guides/start#none: no such heading',
    'index.html links to #none: no such heading',
    'index.html links to /none.svg: no such page',
    'index.html links to /guides/: no such page',
  ]);
});

test('everything that a page would load from another host is found', () => {
  for (const loaded of [
    '<script async src="https://a.example/x.js"></script>',
    '<link rel="stylesheet" href="//a.example/x.css">',
    '<img alt="" src="http://a.example/x.png">',
    '<style>@import "https://a.example/x.css";</style>',
    '<style>b { background: url(https://a.example/x.png) }</style>',
  ])
    assert.equal(mistakesOf(loaded).length, 1, loaded);
});
