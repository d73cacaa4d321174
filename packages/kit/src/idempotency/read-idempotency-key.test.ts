import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { readIdempotencyKey } from './read-idempotency-key.ts';

function refused(field: string, quotes?: 'optional'): string {
  try {
    readIdempotencyKey(field, quotes);
    return 'accepted';
  } catch (error) {
    return isAppError(error, 'INVALID_IDEMPOTENCY_KEY') ? (error.detail ?? '') : 'another error';
  }
}

for (const [field, key] of [
  ['"8e03978e-40d5-43e8-bc93-6894a57f9324"', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
  ['  "a b"  ', 'a b'],
  ['"a\\"b\\\\c"', 'a"b\\c'],
  ['"a";v=1;w="x;y";z;t=?1;b=:AAA=:;k=tok/en', 'a'],
  [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
] as const) {
  test(`${field.slice(0, 50)} is a key`, () => assert.equal(readIdempotencyKey(field), key));
}

for (const field of [
  'abc',
  '',
  '"abc',
  'abc"',
  "'abc'",
  '"a"b"',
  '"a\\b"',
  '"ä"',
  '"a\tb"',
  '"a", "b"',
  '"a";A=1',
  '"a";v=',
  '"a" x',
  ':YWJj:',
  '1',
  '?1',
]) {
  test(`${JSON.stringify(field)} is no key, and it is said how to write one`, () =>
    assert.match(refused(field), /in double quotes/));
}

test('an empty key and one that is too long are told what they are', () => {
  assert.match(refused('""'), /is empty/);
  assert.match(refused(`"${'x'.repeat(256)}"`), /256 characters; use at most 255/);
});

test('where quotes are optional, both forms are the same key', () => {
  assert.equal(readIdempotencyKey('abc-1', 'optional'), 'abc-1');
  assert.equal(readIdempotencyKey('"abc-1"', 'optional'), 'abc-1');
  for (const field of ['"abc', '', 'ä', 'x'.repeat(256)])
    assert.notEqual(refused(field, 'optional'), 'accepted', field);
});

test('a long field is read without backtracking', () => {
  assert.notEqual(refused(`"${'\\"'.repeat(50_000)}`), 'accepted');
  assert.notEqual(refused(`"a"${';a=1'.repeat(20_000)} x`), 'accepted');
  assert.notEqual(refused(`"a"${' '.repeat(50_000)}x`), 'accepted');
});
