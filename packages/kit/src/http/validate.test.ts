import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { z } from 'zod';
import { compileValidator } from './validate.ts';

/** The fields that a route with this schema refuses of `input`; undefined if it takes it. */
function refused(schema: z.ZodType, httpPart: string, input: unknown): readonly string[] | undefined {
  const result: unknown = compileValidator({ schema, httpPart, method: 'GET', url: '/shops/:shop/users/:id' })(input);
  if (typeof result !== 'object' || result === null || !('error' in result)) return undefined;
  assert.ok(isAppError(result.error));
  return result.error.fields.map(({ field }) => field);
}

const query = (fields: object): unknown => Object.assign(Object.create(null), fields);

test('path parameters are checked, unless they are always valid', () => {
  const found = { shop: 's', id: 'x' };
  const refusals: readonly (readonly [z.ZodType, readonly string[] | undefined])[] = [
    [z.object({ id: z.string() }), undefined],
    [z.object({ id: z.string(), shop: z.string() }), undefined],
    [z.object({ id: z.string().min(2) }), ['{id}']],
    [z.object({ id: z.string(), shop: z.email() }), ['{shop}']],
    [z.object({ id: z.string(), user: z.string() }), ['{user}']],
    [z.strictObject({ id: z.string() }), ['{shop}']],
    [z.object({ id: z.string() }).refine(() => false), ['{}']],
  ];
  for (const [schema, fields] of refusals) assert.deepEqual(refused(schema, 'params', found), fields);
});

test('a route without query parameters refuses any query', () => {
  for (const schema of [z.strictObject({}), z.strictObject({ a: z.string().optional() })]) {
    assert.equal(refused(schema, 'querystring', query({})), undefined);
    assert.deepEqual(refused(schema, 'querystring', query({ b: '1' })), ['?b']);
  }
  assert.deepEqual(refused(z.strictObject({}), 'querystring', query({ b: ['1', '2'] })), ['?b']);
  assert.deepEqual(
    refused(
      z.strictObject({}).refine(() => false),
      'querystring',
      query({}),
    ),
    ['?'],
  );
});
