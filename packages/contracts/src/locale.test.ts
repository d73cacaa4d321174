import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseLocale, locales } from './index.ts';

const cases: readonly (readonly [header: string | undefined, chosen: string])[] = [
  [undefined, 'en'],
  ['', 'en'],
  ['zh-CN', 'zh-CN'],
  ['ZH', 'zh-CN'],
  ['zh-Hant-TW', 'zh-CN'],
  ['en-GB,en;q=0.9', 'en'],
  ['fr', 'en'],
  ['fr, zh;q=0.1', 'zh-CN'],
  ['en;q=0.5, zh;q=0.8', 'zh-CN'],
  ['en;q=0.8, zh;q=0.8', 'en'],
  ['zh;q=0.8, en;q=0.8', 'zh-CN'],
  ['zh;q=0', 'en'],
  ['zh ; q=0.9 , en ; q=0.2', 'zh-CN'],
  ['zhx', 'en'],
  // Weights that programs have worked out, or made up.
  ['en;q=0.3333, zh;q=0.66667', 'zh-CN'],
  ['en;q=2, zh;q=0.1', 'zh-CN'],
  ['en;q=, zh;q=0.1', 'zh-CN'],
  ['en;q=0.5, zh;Q=0.9', 'zh-CN'],
  // Ruled out, also by the asterisk that follows.
  ['*;q=0.8, en;q=0', 'zh-CN'],
  ['en;q=0, *;q=0.8', 'zh-CN'],
  ['zh;q=0, *;q=0.1', 'en'],
  ['*;q=0', 'en'],
  ['en;q=0', 'en'],
  [';;;,,,q=', 'en'],
];

for (const [header, chosen] of cases) {
  test(`Accept-Language ${JSON.stringify(header)} is answered in ${chosen}`, () => {
    assert.equal(chooseLocale(header, 'en'), chosen);
  });
}

test('the asterisk stands for the fallback', () => {
  assert.equal(chooseLocale('fr, *;q=0.5', 'zh-CN'), 'zh-CN');
});

test('whatever is sent, the answer is in a supported language', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[enzhq=;,.*01 -]{0,40}$/));
  fc.assert(
    fc.property(text, fc.constantFrom(...locales), (header, fallback) =>
      locales.includes(chooseLocale(header, fallback)),
    ),
  );
});

test('a very long header is read in bounded time', () => {
  assert.equal(chooseLocale(`${'x,'.repeat(1_000_000)}zh`, 'en'), 'en');
});
