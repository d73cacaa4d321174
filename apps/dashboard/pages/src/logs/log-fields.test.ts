import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsPreview, logFields } from './log-fields.ts';

test('every value keeps its place in the structure', () => {
  const fields = {
    status: 503,
    err: { code: 'X', cause: { errno: -111 } },
    items: [{ id: 1 }, 'two'],
    none: {},
    nil: null,
  };
  assert.deepEqual(
    logFields(fields).map(({ path, text }) => `${path}=${text}`),
    ['status=503', 'err.code=X', 'err.cause.errno=-111', 'items.0.id=1', 'items.1=two', 'none={}', 'nil=null'],
  );
});

test('a structure of 50,000 levels is read', () => {
  let fields: Record<string, unknown> = { end: 1 };
  for (let level = 0; level < 50_000; level++) fields = { a: fields };
  assert.equal(logFields(fields).length, 1);
});

test('a row shows the first fields in one line each, without stack traces', () => {
  const preview = fieldsPreview({ a: 'x\n y', err: { stack: 'at …' }, b: 'z'.repeat(200), c: 1, d: 2, e: 3 });
  assert.deepEqual(
    preview.map(({ path }) => path),
    ['a', 'b', 'c', 'd'],
  );
  assert.equal(preview[0]?.text, 'x y');
  assert.equal(preview[1]?.text.length, 61);
});
