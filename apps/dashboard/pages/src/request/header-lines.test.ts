import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headersOf } from './header-lines.ts';

test('header fields are read line by line, whatever their values contain', () => {
  assert.deepEqual(headersOf('Accept: text/plain\n\n If-Match :"a:b"\nX-Empty:\nno field\n: nothing'), {
    Accept: 'text/plain',
    'If-Match': '"a:b"',
    'X-Empty': '',
  });
});
