import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKey, keyPrefixSchema, keySchema } from './key-record.ts';

test('a key is any text that its URL leads to', () => {
  for (const key of ['a', 'config/web/PORT', 'a//b', 'a/', 'a b', '版本', 'a%2Fb', '#?&=', '..a', 'a..', '...', '😀'])
    assert.ok(isKey(key), key);
  for (const key of ['', '/a', '.', '..', 'a/../b', 'a/.', './a', 'a\nb', 'a\u0000', '\u007f', '\ud800', 'a\u2028'])
    assert.ok(!isKey(key), JSON.stringify(key));
});

test('its length is counted in bytes', () => {
  assert.ok(isKey('k'.repeat(512)) && isKey('é'.repeat(256)));
  assert.ok(!isKey('k'.repeat(513)) && !isKey('é'.repeat(257)));
  assert.match(keySchema.safeParse('k'.repeat(513)).error?.message ?? '', /at most 512 bytes/);
});

test('a prefix may be empty, or end in the middle of a segment', () => {
  for (const prefix of ['', 'a/.', 'a/..', 'con']) assert.ok(keyPrefixSchema.safeParse(prefix).success, prefix);
  for (const prefix of ['/', 'a\n', 'k'.repeat(513)]) assert.ok(!keyPrefixSchema.safeParse(prefix).success, prefix);
});
