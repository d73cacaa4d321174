import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { assertValidDocument } from '@flotilla/conformance/openapi';
import { type ServedApp, serveApp } from '@flotilla/testing/http';
import { z } from 'zod';
import { defineApi } from '../api/index.ts';
import { addOperation, type HttpApp } from '../http/index.ts';
import { pageQueryShape, recordIdParameter } from '../resource/index.ts';
import { serveDocuments } from './serve-documents.ts';

const box = z.object({ id: z.int(), note: z.string().optional() }).meta({ id: 'Box' });
const hostile = '</style><script>alert(1)</script>"\'`';
const boxApi = defineApi(
  { tag: { en: 'Boxes', 'zh-CN': '箱子' } },
  {
    getBox: {
      method: 'GET',
      path: '/boxes/{id}',
      summary: { en: `Find ${hostile}`, 'zh-CN': '获取箱子' },
      params: { id: recordIdParameter },
      answers: { 200: box },
      errors: ['NOT_FOUND'],
    },
    listBoxes: {
      method: 'GET',
      path: '/boxes',
      summary: { en: 'List boxes', 'zh-CN': '列出箱子' },
      query: { ...pageQueryShape, colour: z.array(z.enum(['red', 'blue'])).optional() },
      answers: { 200: z.array(box) },
      paged: true,
    },
    addBox: {
      method: 'POST',
      path: '/boxes',
      summary: { en: 'Add a box', 'zh-CN': '新增箱子' },
      body: z.strictObject({ note: z.string(), inner: z.object({ kind: z.union([z.string(), z.null()]) }) }),
      answers: { 201: box },
      idempotent: true,
      conditional: true,
      location: ({ id }: { id: number }) => `/boxes/${id}`,
    },
    removeBox: {
      method: 'DELETE',
      path: '/boxes/{id}',
      summary: { en: 'Remove a box', 'zh-CN': '删除箱子' },
      params: { id: recordIdParameter },
      answers: { 204: null },
    },
  },
);

async function served(t: TestContext, addMore: (app: HttpApp) => void = () => undefined): Promise<ServedApp> {
  const app = await serveApp((app) => {
    addOperation(app, boxApi.getBox, ({ params }) => ({ id: params.id }));
    addOperation(app, boxApi.listBoxes, () => ({ rows: [], nextAfterId: undefined }));
    addOperation(app, boxApi.addBox, () => ({ id: 1 }));
    addOperation(app, boxApi.removeBox, () => undefined);
    addMore(app);
    serveDocuments(app, { title: 'box-service', defaultLocale: 'en' });
  });
  t.after(() => app.close());
  return app;
}

test('the document is valid OpenAPI 3.1, may be kept, and is asked for again by its tag', async (t) => {
  const { ask } = await served(t);
  const { status, body, headers } = await ask('GET', '/openapi.json');
  assert.equal(status, 200);
  assert.ok(body);
  assert.equal(body['openapi'], '3.1.0');
  await assertValidDocument(body);
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  assert.match(headers.get('cache-control') ?? '', /max-age=60/);
  const same = await ask('GET', '/openapi.json', undefined, { 'if-none-match': headers.get('etag') ?? '' });
  assert.equal(same.status, 304);
});

test('the language is that of the query, else of the head', async (t) => {
  const { ask } = await served(t);
  const titled = async (target: string, accept: string): Promise<boolean> => {
    const { text, headers } = await ask('GET', target, undefined, { 'accept-language': accept });
    const isChinese = text.includes('新增箱子');
    assert.equal(headers.get('content-language'), isChinese ? 'zh-CN' : 'en');
    assert.equal(headers.get('vary'), 'Accept-Language');
    return isChinese;
  };
  for (const path of ['/openapi.json', '/docs']) {
    assert.equal(await titled(path, 'zh-TW, en;q=0.5'), true);
    assert.equal(await titled(`${path}?lang=en`, 'zh'), false);
    assert.equal(await titled(`${path}?lang=zh`, 'en'), true);
    assert.equal(await titled(`${path}?lang=fr&lang=zh`, 'en'), false);
  }
});

test('the page runs nothing and fetches nothing, whatever its texts say', async (t) => {
  const { ask } = await served(t);
  const { text, headers } = await ask('GET', '/docs');
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/);
  assert.doesNotMatch(text, /<script|<img|<link|src=|url\(/);
  assert.match(text, /Find &#60;\/style&#62;/);
  for (const place of text.matchAll(/href="#([^"]+)"/g)) assert.ok(text.includes(`id="${place[1]}"`), place[0]);
});

test('a route with such a path keeps it, also one that a plugin adds or a pattern matches', async (t) => {
  const own = await served(t, (app) => {
    app.get('/docs', () => 'own page');
    void app.register((scope, _options, done) => {
      scope.get('/openapi.json', () => 'own document');
      done();
    });
  });
  assert.equal((await own.ask('GET', '/docs')).text, 'own page');
  assert.equal((await own.ask('GET', '/openapi.json')).text, 'own document');
  const wild = await served(t, (app) => void app.get('/:page', () => 'any page'));
  assert.equal((await wild.ask('GET', '/docs')).text, 'any page');
});

test('an app without operations has no documents', async (t) => {
  const app = await serveApp((app) => serveDocuments(app, { title: 'empty', defaultLocale: 'en' }));
  t.after(() => app.close());
  for (const path of ['/openapi.json', '/docs']) assert.equal((await app.ask('GET', path)).status, 404);
});
