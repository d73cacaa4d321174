import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentValidator } from '@flotilla/conformance/openapi';
import { docsPage } from '@flotilla/kit/openapi';
import fc from 'fast-check';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { compileRoutes } from '../routes/compile-routes.ts';
import { cleanDocument } from './clean-document.ts';
import { mergedDocument } from './merged-document.ts';
import type { KnownDocument } from './route-describing.ts';

const assertValid = documentValidator();

const ok = (schema: object = { type: 'string' }) => ({
  200: { description: 'OK', content: { 'application/json': { schema } } },
});
const thing = { $ref: '#/components/schemas/Thing' };
const shop = {
  openapi: '3.1.0',
  tags: [{ name: 'Shop', description: 'All of it' }],
  paths: {
    '/things': {
      get: { operationId: 'list', tags: ['Shop'], responses: ok(thing) },
      post: { operationId: 'add', responses: ok() },
    },
    '/things/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
      get: { operationId: 'find', responses: ok(thing) },
    },
    '/secret': { get: { operationId: 'secret', responses: ok({ $ref: '#/components/schemas/Secret' }) } },
  },
  components: { schemas: { Thing: { type: 'object', properties: { next: thing } }, Secret: { type: 'string' } } },
};
const store = {
  openapi: '3.1.1',
  paths: { '/stock': { get: { operationId: 'list', responses: ok(thing) } } },
  components: { schemas: { Thing: { type: 'integer' }, Problem: { type: 'boolean' } } },
};

const config: GatewayConfig = {
  routes: [
    { kind: 'proxy', match: '/shop/', service: 'shop', rewrite: '/things', methods: ['GET'] },
    { kind: 'proxy', match: '/shop/special', service: 'legacy' },
    { kind: 'proxy', match: '/stock', service: 'store' },
    { kind: 'proxy', match: '/old/', service: 'legacy' },
    { kind: 'proxy', match: '/gone', service: 'gone', methods: ['GET', 'POST'] },
    {
      kind: 'aggregate',
      match: '/both/{id}',
      parameters: { id: { in: 'path', type: 'id' } },
      parts: {
        thing: { service: 'shop', target: '/things/{id}', need: 'required' },
        stock: { service: 'store', target: '/stock?of={id}', need: 'optional' },
      },
    },
  ],
};

function known(value: unknown, fresh = true): KnownDocument {
  const document = cleanDocument(value);
  return document === undefined ? { kind: 'none' } : { kind: 'read', document, fresh };
}

function merged(documents: Record<string, KnownDocument>): ReturnType<typeof mergedDocument> {
  const { table, problems } = compileRoutes(config);
  assert.deepEqual(problems, []);
  return mergedDocument({ config, table, documents: new Map(Object.entries(documents)), locale: 'en' });
}

const all = { shop: known(shop), store: known(store), legacy: { kind: 'none' }, gone: { kind: 'away' } } as const;

test('what routes expose is listed, under the paths that clients use, and nothing else', async () => {
  const document = merged(all);
  await assertValid(document);
  const methods = Object.entries(document.paths).map(([path, item]) => [
    path,
    Object.keys(item)
      .filter((key) => key.length < 7)
      .join(),
  ]);
  assert.deepEqual(Object.fromEntries(methods), {
    '/shop/': 'get',
    '/shop/{id}': 'get',
    '/shop/special': '',
    '/stock': 'get',
    '/old/': '',
    '/gone': '',
    '/both/{id}': 'get',
  });
  assert.doesNotMatch(JSON.stringify(document), /Secret|secret/);
});

test('schemas of one name that differ are both there, and ids of operations are unique', () => {
  const { components, paths } = merged(all);
  const schemas = components['schemas'] as Record<string, unknown>;
  assert.deepEqual(Object.keys(schemas).toSorted(), ['Problem', 'ProblemField', 'StoreThing', 'Thing']);
  assert.deepEqual(schemas['StoreThing'], { type: 'integer' });
  assert.match(JSON.stringify(paths['/stock']), /"operationId":"list2".*#\/components\/schemas\/StoreThing/);
});

test('an aggregate has a field for each part, and an optional one may be null', () => {
  const { get } = merged(all).paths['/both/{id}'] as {
    get: { responses: Record<string, unknown>; parameters: unknown[] };
  };
  const text = JSON.stringify(get.responses['200']);
  assert.match(text, /"required":\["thing","stock"\]/);
  assert.match(text, /"stock":\{"anyOf":\[\{"\$ref":"#\/components\/schemas\/StoreThing"\},\{"type":"null"\}\]\}/);
  assert.match(text, /"missing":\{"type":"array","items":\{"type":"string","enum":\["stock"\]\}\}/);
  assert.deepEqual(Object.keys(get.responses), ['200', '400', '502', '503', '504']);
});

test('a service that is away is named, and one without a document is listed by its routes', () => {
  const { info, paths } = merged({ ...all, store: known(store, false) });
  assert.match(String(info['description']), /Not reachable at the moment: store, gone\./);
  assert.match(JSON.stringify(paths['/gone']), /not reachable at the moment.*GET, POST/);
  assert.match(JSON.stringify(paths['/old/']), /Forwarded to legacy, which does not describe/);
  assert.ok(paths['/stock']?.['get'] !== undefined, 'as it was last known');
});

test('only documents of OpenAPI 3.1 are read', () => {
  for (const other of [null, [], 'x', {}, { openapi: '3.0.3', paths: {} }, { swagger: '2.0' }, { openapi: 3.1 }])
    assert.equal(cleanDocument(other), undefined, JSON.stringify(other));
});

const text = '</style><script>alert(1)</script>';
const circle = { $ref: '#/components/parameters/A' };
let deep: object = {};
for (let i = 0; i < 60; i += 1) deep = { type: 'object', properties: { x: deep }, items: deep };
const hostile: readonly (readonly [what: string, document: object])[] = [
  [
    'references in a circle',
    { parameters: [circle], components: { parameters: { A: { $ref: '#/components/parameters/B' }, B: circle } } },
  ],
  [
    'references to elsewhere',
    { parameters: [{ $ref: 'http://evil.example/x' }], responses: { 200: { $ref: '#/info' } } },
  ],
  ['a schema that refers to nothing', { responses: ok({ $ref: '#/components/schemas/Nothing' }) }],
  ['a schema that is only itself', { responses: ok(thing), components: { schemas: { Thing: thing } } }],
  [
    'names that every object has',
    { parameters: [{ name: '__proto__', in: 'query' }], responses: { constructor: {}, toString: 1 } },
  ],
  ['a schema of great depth', { responses: ok(deep) }],
  ['texts that are HTML', { summary: text, description: text, tags: [text], operationId: text }],
  ['values of the wrong type', { parameters: 'x', responses: 7, summary: {}, tags: [1], requestBody: [] }],
  [
    'keywords of the wrong type',
    { responses: ok({ type: 'evil', required: 'x', properties: [], minimum: '1', enum: 1, pattern: {} }) },
  ],
  ['a long text', { description: 'x'.repeat(100_000) }],
];

for (const [what, { components = {}, ...operation }] of hostile.map(
  ([name, one]) => [name, one as { components?: object }] as const,
))
  test(`a document with ${what} leaves a valid one, and a page without scripts`, async () => {
    const document = merged({
      ...all,
      shop: known({ openapi: '3.1.0', paths: { '/things': { get: operation } }, components }),
    });
    await assertValid(document);
    const page = docsPage(document, 'en');
    assert.doesNotMatch(page, /<script/);
    assert.ok(page.length < 200_000);
  });

test('a document that is too large is none', () => {
  const many = Object.fromEntries(
    Array.from({ length: 900 }, (_, at) => [`/things/${at}`, { get: { responses: ok(shop) } }]),
  );
  assert.equal(
    cleanDocument({
      openapi: '3.1.0',
      paths: { ...many },
      components: {
        schemas: {
          A: {
            allOf: Array(50).fill({
              properties: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`p${at}`, {}])),
            }),
          },
        },
      },
    }),
    undefined,
  );
});

test('whatever a document says, what the gateway makes of it is valid', async () => {
  const word = fc.constantFrom(
    'get',
    'parameters',
    'responses',
    '200',
    'default',
    'content',
    'application/json',
    'schema',
    '$ref',
    'type',
    'properties',
    'name',
    'in',
    'path',
    'query',
    'required',
    'items',
    'anyOf',
    'examples',
    'headers',
    'requestBody',
    'x',
  );
  const leaf = fc.oneof(word, fc.boolean(), fc.integer(), fc.constant(null), fc.constant('#/components/schemas/Thing'));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 7, depthSize: 'large' },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(word, tie('tree'), { maxKeys: 6 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(word, tree, { maxKeys: 8 }),
      fc.dictionary(fc.constantFrom('Thing', 'B'), tree),
      async (item, schemas) => {
        const value = {
          openapi: '3.1.0',
          paths: { '/things': item, '/things/{id}': { get: item } },
          components: { schemas, parameters: schemas, responses: schemas },
        };
        const document = merged({ ...all, shop: known(value) });
        await assertValid(document);
        docsPage(document, 'en');
      },
    ),
    { numRuns: 100 },
  );
});
