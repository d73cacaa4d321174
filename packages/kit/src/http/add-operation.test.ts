import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { defineErrors } from '@flotilla/contracts';
import { type ServedApp, serveApp } from '@flotilla/testing/http';
import { z } from 'zod';
import { defineApi, idParameter, optionalIdParameter } from '../api/index.ts';
import { pageQueryShape } from '../resource/index.ts';
import { addOperation } from './add-operation.ts';

const { INVALID_BOX_ID } = defineErrors('box-service', {
  INVALID_BOX_ID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The box id is not valid', 'zh-CN': '无效的箱子 ID' },
    cause: 'Of a test.',
    action: 'Nothing.',
  },
});

const box = z.object({ id: z.int(), size: z.int() });
const summary = { en: 'Of a test', 'zh-CN': '测试' };
const boxApi = defineApi(
  { tag: { en: 'Boxes', 'zh-CN': '箱子' } },
  {
    getBox: {
      method: 'GET',
      path: '/boxes/{id}',
      summary,
      params: { id: idParameter(INVALID_BOX_ID) },
      answers: { 200: box },
    },
    listBoxes: {
      method: 'GET',
      path: '/shelves/{shelf}/boxes',
      summary,
      params: { shelf: z.string() },
      query: { ...pageQueryShape, of: optionalIdParameter(INVALID_BOX_ID), colour: z.enum(['red', 'blue']).optional() },
      answers: { 200: z.array(box) },
      paged: true,
    },
    addBox: {
      method: 'POST',
      path: '/boxes',
      summary,
      body: z.strictObject({ size: z.int() }),
      answers: { 201: box },
      location: ({ id }: { id: number }) => `/boxes/${id}`,
    },
    changeBox: {
      method: 'PATCH',
      path: '/boxes/{id}',
      summary,
      params: { id: idParameter(INVALID_BOX_ID) },
      body: z.strictObject({ size: z.int() }),
      answers: { 200: box },
      conditional: true,
    },
    removeBox: {
      method: 'DELETE',
      path: '/boxes/{id}',
      summary,
      params: { id: idParameter(INVALID_BOX_ID) },
      answers: { 204: null },
    },
  },
);

let served: ServedApp;
before(async () => {
  served = await serveApp((app) => {
    addOperation(app, boxApi.getBox, ({ params }) => ({ id: params.id, size: 1 }));
    addOperation(app, boxApi.listBoxes, async ({ query }) => ({
      rows: [{ id: query.of ?? 0, size: query.limit ?? 0 }],
      nextAfterId: query.cursor === undefined ? 7 : undefined,
    }));
    addOperation(app, boxApi.addBox, async ({ body }) => ({ id: 5, size: body.size }));
    addOperation(app, boxApi.changeBox, ({ params, body, condition }) => ({
      id: params.id,
      size: condition === undefined ? body.size : -1,
    }));
    addOperation(app, boxApi.removeBox, () => undefined);
  });
});
after(() => served?.close());

test('a handler gets what was checked, and its answer has a tag', async () => {
  const { status, body, headers } = await served.ask('GET', '/boxes/9');
  assert.deepEqual([status, body], [200, { id: 9, size: 1 }]);
  const again = await served.ask('GET', '/boxes/9', undefined, { 'if-none-match': headers.get('etag') ?? '' });
  assert.equal(again.status, 304);
});

test('an id that is not valid has an error of its own, after all other mistakes', async () => {
  const { ask } = served;
  const codesOf = async (method: string, target: string, sent?: unknown): Promise<unknown> => {
    const { body, fields } = await ask(method, target, sent);
    return [body?.['code'], fields];
  };
  assert.deepEqual(await codesOf('GET', '/boxes/x'), ['INVALID_BOX_ID', ['{id}']]);
  assert.deepEqual(await codesOf('GET', '/boxes/x?y=1'), ['INVALID_REQUEST', ['?y']]);
  assert.deepEqual(await codesOf('PATCH', '/boxes/x', {}), ['INVALID_REQUEST', ['/size']]);
  assert.deepEqual(await codesOf('GET', '/shelves/a/boxes?of='), ['INVALID_BOX_ID', ['?of']]);
  assert.deepEqual(await codesOf('GET', '/shelves/a/boxes?of=1&of=2'), ['INVALID_BOX_ID', ['?of']]);
});

test('Link leads to the next page, with all that was asked for', async () => {
  const { body, headers } = await served.ask('GET', '/shelves/a%3Eb/boxes?colour=red&of=3&limit=2');
  assert.deepEqual(body, [{ id: 3, size: 2 }]);
  const link = headers.get('link') ?? '';
  const [, target = ''] =
    /^<(\/shelves\/a%3Eb\/boxes\?colour=red&of=3&limit=2&cursor=[^>]+)>; rel="next"$/.exec(link) ?? [];
  const last = await served.ask('GET', target);
  assert.deepEqual([last.status, last.headers.get('link')], [200, null]);
});

test('what was created has an address, and what was removed has no body', async () => {
  const added = await served.ask('POST', '/boxes', { size: 3 });
  assert.deepEqual([added.status, added.headers.get('location'), added.body], [201, '/boxes/5', { id: 5, size: 3 }]);
  const removed = await served.ask('DELETE', '/boxes/5');
  assert.deepEqual([removed.status, removed.text, removed.headers.get('etag')], [204, '', null]);
});

test('a condition reaches only the operations that heed one', async () => {
  const ifMatch = { 'if-match': '"x"' };
  assert.deepEqual((await served.ask('PATCH', '/boxes/1', { size: 1 }, ifMatch)).body, { id: 1, size: -1 });
  assert.equal((await served.ask('PATCH', '/boxes/1', { size: 1 }, { 'if-match': 'x' })).status, 400);
  assert.equal((await served.ask('DELETE', '/boxes/1', undefined, { 'if-match': 'x' })).status, 204);
});

test('two operations of one name are refused when the second is added', async () => {
  await assert.rejects(
    serveApp((app) => {
      addOperation(app, boxApi.removeBox, () => undefined);
      addOperation(app, { ...boxApi.removeBox, path: '/other/{id}' }, () => undefined);
    }),
    /Two operations are named removeBox/,
  );
});
