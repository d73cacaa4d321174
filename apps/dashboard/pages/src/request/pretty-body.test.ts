import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prettyBody } from './pretty-body.ts';

test('JSON is indented; what is cut off, or is none, stays as it is', () => {
  assert.equal(prettyBody('{"a":[1]}'), '{\n  "a": [\n    1\n  ]\n}');
  for (const body of ['{"a":[1', 'plain', '', '42', '<p>{}</p>']) assert.equal(prettyBody(body), body);
});
