import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type KeyEvent, keyEventSchema, systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import { createRegistry, type Registry } from '../../registry.ts';
import type { RegistryOptions } from '../../state/options.ts';
import { openSqliteStore } from '../../store/sqlite-store.ts';
import { registryRoutes } from '../routes.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
  /** The revision to send back. */
  readonly index: number;
}

type Ask = (
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers?: Record<string, string>,
) => Promise<Answer>;

interface Serving {
  readonly ask: Ask;
  readonly registry: Registry;
  readonly base: string;
}

async function serving(t: TestContext, options: Partial<RegistryOptions> = {}): Promise<Serving> {
  const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics: createMetrics() });
  const store = openSqliteStore({ file: ':memory:', clock: new FakeClock(0) });
  const registry = await createRegistry({ store, clock: systemClock, ...options });
  registryRoutes(app, registry, { clock: systemClock });
  const base = await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  const ask: Ask = async (method, path, body, headers = {}) => {
    const response = await fetch(base + path, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : {},
      index: Number(response.headers.get('x-registry-revision')),
    };
  };
  return { ask, registry, base };
}

test('a key is written, read, listed and removed', async (t) => {
  const { ask } = await serving(t);
  const written = await ask('PUT', '/kv/config/web/PORT', '8080', { 'content-type': 'text/plain' });
  const { revision } = written.body;
  const key = 'config/web/PORT';
  assert.deepEqual([written.status, written.body], [200, { key, created_revision: revision, revision }]);
  const read = await ask('GET', `/kv/${key}`);
  assert.deepEqual([read.status, read.body], [200, { key, value: '8080', created_revision: revision, revision }]);
  assert.equal(read.index, revision);
  assert.deepEqual((await ask('GET', '/kv?prefix=config/')).body, [read.body]);
  assert.deepEqual((await ask('GET', '/kv?keys')).body, [key]);
  assert.deepEqual((await ask('GET', '/kv?prefix=other')).body, []);
  assert.equal((await ask('DELETE', `/kv/${key}`)).status, 204);
  const gone = await ask('GET', `/kv/${key}`);
  assert.deepEqual([gone.status, gone.body['code']], [404, 'KEY_NOT_FOUND']);
  assert.ok(gone.index > Number(revision));
  assert.equal((await ask('DELETE', `/kv/${key}`)).status, 404);
});

test('a value is any bytes of any type, also none', async (t) => {
  const { ask } = await serving(t);
  const bytes = Uint8Array.from([0, 255, 10, 128]);
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'nonsense', '']) {
    assert.equal((await ask('PUT', '/kv/bytes', bytes, { 'content-type': type })).status, 200, type);
    assert.equal((await ask('GET', '/kv/bytes')).body['value_base64'], Buffer.from(bytes).toString('base64'));
    const raw = await ask('GET', '/kv/bytes?raw');
    assert.equal(raw.headers.get('content-type'), 'application/octet-stream');
  }
  assert.equal((await ask('PUT', '/kv/json', '{"a": ', { 'content-type': 'application/json' })).status, 200);
  assert.equal((await ask('GET', '/kv/json?raw')).text, '{"a": ');
  assert.equal((await ask('PUT', '/kv/empty')).status, 200);
  assert.equal((await ask('GET', '/kv/empty')).body['value'], '');
  assert.equal((await ask('GET', '/kv/empty?raw')).text, '');
});

test('keys with any characters are found by their URL, and those that would not be are refused', async (t) => {
  const { ask } = await serving(t);
  for (const key of ['a//b', 'a b', 'x?y=z#w', '版本/一', '50%', 'a%2Fb', 'q/', '😀', 'a+b', "it's", '..a'])
    for (const path of [encodeURIComponent(key), key.split('/').map(encodeURIComponent).join('/')]) {
      const written = await ask('PUT', `/kv/${path}`, key);
      assert.deepEqual([written.status, written.body['key']], [200, key], path);
      assert.equal((await ask('GET', `/kv/${path}`)).body['value'], key);
    }
  for (const path of ['/kv/', '/kv//a', '/kv/a%2F..%2Fb', '/kv/a%0Ab', '/kv/%00', `/kv/${'k'.repeat(513)}`, '/kv/%ff'])
    for (const method of ['GET', 'PUT', 'DELETE'])
      assert.equal((await ask(method, path)).body['code'], 'INVALID_REQUEST', `${method} ${path}`);
});

test('a write that depends on a revision is refused when somebody was faster', async (t) => {
  const { ask } = await serving(t);
  const first = await ask('PUT', '/kv/a?if_revision=0', 'one');
  assert.equal(first.status, 200);
  const again = await ask('PUT', '/kv/a?if_revision=0', 'two');
  assert.deepEqual([again.status, again.body['code']], [409, 'REVISION_CONFLICT']);
  assert.match(String(again.body['detail']), /The key a has the revision \d+; if_revision=0 says/);
  const { revision } = first.body;
  const second = await ask('PUT', `/kv/a?if_revision=${revision}`, 'two');
  assert.equal(second.status, 200);
  for (const method of ['PUT', 'DELETE']) {
    assert.equal((await ask(method, `/kv/a?if_revision=${revision}`)).status, 409);
    assert.equal((await ask(method, `/kv/absent?if_revision=${revision}`)).status, 409);
    assert.equal((await ask(method, '/kv/a?if_revision=x')).status, 400);
  }
  assert.equal((await ask('DELETE', `/kv/a?if_revision=${second.body['revision']}`)).status, 204);
});

test('the same is done by entity tags', async (t) => {
  const { ask } = await serving(t);
  const etag = (await ask('PUT', '/kv/a', 'one', { 'if-none-match': '*' })).headers.get('etag') ?? '';
  assert.equal((await ask('PUT', '/kv/a', 'two', { 'if-none-match': '*' })).status, 412);
  const unchanged = await ask('GET', '/kv/a', undefined, { 'if-none-match': etag });
  assert.deepEqual([unchanged.status, unchanged.text], [304, '']);
  assert.equal((await ask('PUT', '/kv/a', 'two', { 'if-match': etag })).status, 200);
  assert.equal((await ask('PUT', '/kv/a', 'three', { 'if-match': etag })).status, 412);
  assert.equal((await ask('DELETE', '/kv/a', undefined, { 'if-match': etag })).status, 412);
  assert.equal((await ask('DELETE', '/kv/absent', undefined, { 'if-match': '*' })).status, 412);
  assert.equal((await ask('PUT', '/kv/a', 'x', { 'if-match': 'no quotes' })).status, 400);
  assert.equal((await ask('GET', '/kv/a')).body['value'], 'two');
});

test('a write over a limit is refused, and a wrong one is named', async (t) => {
  const { ask } = await serving(t, { keyLimits: { maxKeys: 1 } });
  assert.equal((await ask('PUT', '/kv/a', 'x'.repeat(524_288))).status, 200);
  const large = await ask('PUT', '/kv/a', 'x'.repeat(524_289));
  assert.deepEqual([large.status, large.body['code']], [413, 'PAYLOAD_TOO_LARGE']);
  assert.deepEqual((await ask('PUT', '/kv/b', 'x')).body['code'], 'KEY_LIMIT');
  const method = await ask('POST', '/kv/a', 'x');
  assert.deepEqual([method.status, method.headers.get('allow')], [405, 'GET, HEAD, PUT, DELETE, OPTIONS']);
  assert.equal((await ask('PUT', '/kv', 'x')).headers.get('allow'), 'GET, HEAD, DELETE, OPTIONS');
  assert.equal((await ask('DELETE', '/kv')).status, 400);
  assert.equal((await ask('DELETE', '/kv?prefix=')).status, 400);
  for (const query of ['wait=11m', 'wait=soon', 'index=-1', 'raw=maybe', 'recurse'])
    assert.equal((await ask('GET', `/kv/a?${query}`)).status, 400, query);
  assert.equal((await ask('GET', '/kv?limit=0')).status, 400);
  assert.equal((await ask('GET', '/kv?cursor=x')).status, 400);
});

test('a list is paged in the order of the keys, and removed at once', async (t) => {
  const { ask, registry } = await serving(t);
  const keys = Array.from({ length: 25 }, (_, index) => `p/${String(index).padStart(3, '0')}é`);
  await registry.keys.transact(keys.map((key) => ({ verb: 'set', key, value: '' })));
  await ask('PUT', '/kv/q', 'other');
  const found: unknown[] = [];
  let next: string | undefined = '/kv?prefix=p/&keys=true&limit=10&wait=1s';
  while (next !== undefined) {
    const page = await ask('GET', next);
    found.push(...(page.body as unknown as unknown[])); // The query says that it is a list.
    next = /^<(.*)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
  }
  assert.deepEqual(found, keys);
  assert.equal((await ask('DELETE', '/kv?prefix=p/')).status, 204);
  assert.deepEqual((await ask('GET', '/kv?keys')).body, ['q']);
});

test('a long list comes whole', async (t) => {
  const { ask, registry } = await serving(t);
  const value = Buffer.from('x'.repeat(300_000)).toString('base64');
  await registry.keys.transact(Array.from({ length: 10 }, (_, index) => ({ verb: 'set', key: `k${index}`, value })));
  const list = await ask('GET', '/kv');
  assert.equal((list.body as unknown as unknown[]).length, 10); // As above.
});

test('a long poll is answered when what it asked for changes, or when its time is up', async (t) => {
  const { ask } = await serving(t);
  await ask('PUT', '/kv/a/1', 'one');
  const { index } = await ask('GET', '/kv/a/1');
  const absent = await ask('GET', '/kv/a/2');
  const late = await ask('GET', `/kv/a/1?index=${index}&wait=10ms`);
  assert.deepEqual([late.status, late.index, late.body['value']], [200, index, 'one']);
  const list = await ask('GET', '/kv?prefix=a/');
  const [changed, made, listed] = [
    ask('GET', `/kv/a/1?index=${index}&wait=10m`),
    ask('GET', `/kv/a/2?index=${absent.index}&wait=10m`),
    ask('GET', `/kv?prefix=a/&index=${list.index}&keys`),
  ];
  await ask('PUT', '/kv/a/2', 'two');
  assert.equal((await made).body['value'], 'two');
  assert.deepEqual((await listed).body, ['a/1', 'a/2']);
  await ask('PUT', '/kv/a/1', 'changed');
  assert.equal((await changed).body['value'], 'changed');
});

/** Reads server-sent events until there are `count`, and gives back the last id as well. */
async function events(url: string, count: number, headers: Record<string, string> = {}): Promise<[KeyEvent[], string]> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(url, { headers }, resolve).on('error', reject).end();
  const response = await promise;
  assert.equal(response.statusCode, 200);
  const found: KeyEvent[] = [];
  let id = '';
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      id = /^id: (.*)$/m.exec(frame)?.[1] ?? id;
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data !== undefined) found.push(keyEventSchema.parse(JSON.parse(data)));
    }
    // Leaving the loop closes the connection.
    if (found.length >= count) break;
  }
  return [found, id];
}

test('a watch tells everything from the beginning, and everything since after a break', async (t) => {
  const { ask, base, registry } = await serving(t);
  await ask('PUT', '/kv/a/1', 'one');
  const url = `${base}/kv-watch?prefix=a/`;
  const [begun, id] = await events(url, 1);
  assert.deepEqual(
    begun.map((event) => event.type === 'snapshot' && event.records.map(({ value }) => value)),
    [['one']],
  );
  await ask('PUT', '/kv/b', 'other');
  await ask('PUT', '/kv/a/2', 'two');
  await ask('DELETE', '/kv?prefix=a/');
  const [since, last] = await events(url, 4, { 'last-event-id': id });
  assert.deepEqual(
    since.map((event) => [event.type, 'record' in event ? event.record.value : 'key' in event ? event.key : '']),
    [
      ['put', 'two'],
      ['delete', 'a/1'],
      ['delete', 'a/2'],
      ['bookmark', ''],
    ],
  );
  assert.equal(Number(last), registry.revision);
  const [future] = await events(`${url}&from=${registry.revision + 1}`, 2);
  assert.deepEqual(
    future.map(({ type }) => type),
    ['reset', 'snapshot'],
  );
  assert.equal((await ask('GET', '/kv-watch', undefined, { accept: 'application/json' })).status, 406);
});
