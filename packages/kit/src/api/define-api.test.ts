import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineErrors } from '@flotilla/contracts';
import { z } from 'zod';
import { pageQueryShape, recordIdParameter } from '../resource/index.ts';
import { defineApi } from './define-api.ts';
import type { OperationData } from './operation.ts';

const facts = { tag: { en: 'Boxes', 'zh-CN': '箱子' } };
const summary = { en: 'Find a box', 'zh-CN': '获取箱子' };
const box = z.object({ id: z.int() });
const good: OperationData = { method: 'GET', path: '/boxes', summary, answers: { 200: box } };

test('an operation knows its name, and what was not given is filled in', () => {
  const { getBox } = defineApi(facts, { getBox: good });
  const { id, status, answer, errors, params, query, paged, conditional, idempotent } = getBox;
  assert.deepEqual(
    { id, status, errors, params, query },
    { id: 'getBox', status: 200, errors: [], params: {}, query: {} },
  );
  assert.deepEqual({ paged, conditional, idempotent }, { paged: false, conditional: false, idempotent: false });
  assert.equal(answer, box);
});

test('errors of the whole API follow those of an operation', () => {
  const errors = defineErrors('box-service', {
    BOX_FULL: {
      status: 409,
      grpc: 'FAILED_PRECONDITION',
      retryable: false,
      message: { en: 'The box is full', 'zh-CN': '箱子已满' },
      cause: 'Of a test.',
      action: 'Nothing.',
    },
  });
  const api = defineApi(
    { ...facts, errors: ['STORAGE_UNAVAILABLE'] },
    { getBox: { ...good, errors: [errors.BOX_FULL] } },
  );
  assert.deepEqual(api.getBox.errors, [errors.BOX_FULL, 'STORAGE_UNAVAILABLE']);
});

const id = { id: recordIdParameter };
const mistakes: readonly (readonly [what: string, data: OperationData, said: RegExp])[] = [
  ['a path without a slash', { ...good, path: 'boxes' }, /the path of getBox is not valid/],
  ['a path with a query', { ...good, path: '/boxes?x=1' }, /the path of getBox is not valid/],
  ['a path in the form of Fastify', { ...good, path: '/boxes/:id' }, /the path of getBox is not valid/],
  ['a parameter that is not described', { ...good, path: '/boxes/{id}' }, /does not describe \{id\}/],
  ['a parameter that the path does not have', { ...good, params: id }, /has no \{id\}/],
  [
    'a name for two parameters',
    { ...good, path: '/boxes/{id}', params: id, query: id },
    /parameter "id": the name is taken/,
  ],
  ['a parameter named like the body', { ...good, query: { body: z.string() } }, /"body": the name is taken/],
  ['a page without its parameters', { ...good, paged: true }, /must have limit and cursor/],
  ['a GET with a body', { ...good, body: box }, /cannot have a body/],
  // What a program in plain JavaScript can do.
  ['an error that does not exist', { ...good, errors: ['NOT_FUND' as 'NOT_FOUND'] }, /does not exist: NOT_FUND/],
  ['no answer', { ...good, answers: {} as { 204: null } }, /exactly one answer/],
];

for (const [what, data, said] of mistakes)
  test(`${what} is refused where the API is defined`, () => {
    assert.throws(() => defineApi(facts, { getBox: data }), said);
  });

test('names that a client could not have are refused', () => {
  for (const name of ['close', 'check', 'get-box', 'GetBox', ''])
    assert.throws(() => defineApi(facts, { [name]: good }), /is not a valid name/, name);
});

test('all mistakes are reported at once', () => {
  const broken = { ...good, path: 'x', paged: true };
  assert.throws(() => defineApi(facts, { a: broken, b: broken }), /path of a .*limit.*path of b .*limit/s);
});

test('a page is what its query says', () => {
  const { list } = defineApi(facts, {
    list: { ...good, answers: { 200: z.array(box) }, query: { ...pageQueryShape }, paged: true },
  });
  assert.equal(list.paged, true);
});
