import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedText, printableJson, printableLine, printableText } from './printable-text.ts';

test('characters that could affect a terminal are escaped', () => {
  assert.equal(printableText('a\u001b]0;t\u0007\u009b1m\u2066b'), 'a\\u001b]0;t\\u0007\\u009b1m\\u2066b');
  assert.equal(printableText('李雷 – é 👩\u200d🚀'), '李雷 – é 👩\u200d🚀');
});

test("another program's line keeps its colours and tabs, but no other control characters", () => {
  assert.equal(printableLine('\u001b[1;31mred\u001b[0m\tx'), '\u001b[1;31mred\u001b[0m\tx');
  assert.equal(printableLine('\u001b[2J\u001b[31H\u009b5m'), '\\u001b[2J\\u001b[31H\\u009b5m');
});

test('escaped JSON has the same value', () => {
  const value = { a: '\u007f\u009f\u202e\\u202e', '\u2028': 1 };
  const safe = printableJson(JSON.stringify(value));
  assert.deepEqual(JSON.parse(safe), value);
  assert.doesNotMatch(safe, /[\u007f-\u009f\u202e\u2028]/);
});

test('a text is cut between characters', () => {
  assert.equal(boundedText('abc', 3), 'abc');
  assert.equal(boundedText('ab👩c', 3), 'ab… (3 more characters)');
});
