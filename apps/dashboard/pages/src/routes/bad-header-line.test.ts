import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badHeaderLine } from './bad-header-line.ts';

test('fields, empty values and empty lines are fine', () => {
  assert.equal(badHeaderLine('Accept: text/plain\n\n X-Tag:a \r\nX-Empty:'), undefined);
});

test('the first line that is no field is named', () => {
  for (const line of ['nothing', ': value', 'two words: value', 'ü: value'])
    assert.equal(badHeaderLine(`a: b\n${line}\nrest`), line);
});
