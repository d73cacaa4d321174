import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { FakeDiscovery } from '@flotilla/conformance';
import { defineErrors, isAppError, systemClock } from '@flotilla/contracts';
import { z } from 'zod';
import { pageQueryShape, recordIdParameter } from '../resource/index.ts';
import { type ApiClient, apiClient } from './api-client.ts';
import { defineApi } from './define-api.ts';
import { eachRow } from './each-row.ts';
import { optionalIdParameter } from './parameter.ts';

const row = { grpc: 'INTERNAL', retryable: false, cause: 'Of a test.', action: 'Nothing.' } as const;
const errors = defineErrors('box-service', {
  INVALID_BOX_ID: { ...row, status: 400, message: { en: 'Bad id', 'zh-CN': '无效的 ID' } },
  BOX_LOST: { ...row, status: 404, message: { en: 'No such box', 'zh-CN': '箱子不存在' } },
  BOXES_AWAY: { ...row, status: 503, message: { en: 'No boxes', 'zh-CN': '服务不可用' } },
});
const box = z.object({ id: z.int(), name: z.string() });
const summary = { en: 'Of a test', 'zh-CN': '测试' };
const id = { id: recordIdParameter };
const boxApi = defineApi(
  { tag: summary, errors: ['STORAGE_UNAVAILABLE'] },
  {
    getBox: {
      method: 'GET',
      path: '/boxes/{id}',
      summary,
      params: { id: z.string() },
      answers: { 200: box },
      errors: [errors.BOX_LOST],
    },
    listBoxes: {
      method: 'GET',
      path: '/boxes',
      summary,
      query: {
        ...pageQueryShape,
        of: optionalIdParameter(errors.INVALID_BOX_ID),
        colour: z.array(z.string()).optional(),
      },
      answers: { 200: z.array(box) },
      paged: true,
    },
    addBox: { method: 'POST', path: '/boxes', summary, body: z.object({ name: z.string() }), answers: { 201: box } },
    payBox: { method: 'POST', path: '/boxes/{id}/pay', summary, params: id, answers: { 200: box }, idempotent: true },
    changeBox: {
      method: 'PATCH',
      path: '/boxes/{id}',
      summary,
      params: id,
      body: z.object({ name: z.string() }),
      answers: { 200: box },
      conditional: true,
    },
    removeBox: { method: 'DELETE', path: '/boxes/{id}', summary, params: id, answers: { 204: null } },
  },
);

interface Seen {
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
type Reply = readonly [status: number, body?: unknown, headers?: Record<string, string>];

/** A service that answers as told; `cut` closes the connection instead. */
async function fake(
  t: TestContext,
  answer: (seen: Seen, count: number) => Reply | 'cut',
): Promise<{ port: number; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one = { target: `${request.method} ${request.url}`, headers: request.headers, body };
      seen.push(one);
      const reply = answer(one, seen.length);
      if (reply === 'cut') request.socket.destroy();
      else response.writeHead(reply[0], reply[2] ?? {}).end(reply[1] === undefined ? '' : JSON.stringify(reply[1]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  return { port: (server.address() as AddressInfo).port, seen }; // Listening on TCP.
}

function known(ports: readonly number[]): FakeDiscovery {
  const discovery = new FakeDiscovery();
  discovery.set(
    'box-service',
    ports.map((port) => ({ address: '127.0.0.1', port })),
  );
  return discovery;
}

function clientOf(t: TestContext, ...ports: readonly number[]): ApiClient<typeof boxApi> {
  const discovery = known(ports);
  const client = apiClient(boxApi, {
    discovery,
    clock: systemClock,
    service: 'box-service',
    unavailable: errors.BOXES_AWAY,
  });
  t.after(() => client.close());
  return client;
}

const one = { id: 1, name: 'A' };

async function listed<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
const isAway = (error: unknown): boolean => isAppError(error, errors.BOXES_AWAY) && error.retryAfterMs === 1_000;

test('a call is made of path, query, body and headers, and its answer is checked', async (t) => {
  const service = await fake(t, () => [200, { ...one, later: true }, { etag: '"t"' }]);
  const client = clientOf(t, service.port);
  assert.deepEqual(await client.getBox({ id: 'a/b ?' }), one, 'fields of a newer service are passed over');
  const changed = await client.changeBox.tagged(
    { id: 2, body: { name: 'B' } },
    { ifMatch: '"s"', locale: 'zh-CN', requestId: 'r' },
  );
  assert.deepEqual(changed, { value: one, etag: '"t"' });
  const [got, sent] = service.seen;
  assert.equal(got?.target, 'GET /boxes/a%2Fb%20%3F');
  assert.equal(sent?.target, 'PATCH /boxes/2');
  assert.equal(sent.body, '{"name":"B"}');
  const {
    'content-type': type,
    'if-match': ifMatch,
    'accept-language': language,
    'x-request-id': requestId,
  } = sent.headers;
  assert.deepEqual([type, ifMatch, language, requestId], ['application/json', '"s"', 'zh-CN', 'r']);
});

test('a parameter that would lead to another path is refused, and nothing is sent', async (t) => {
  const service = await fake(t, () => [200, one]);
  for (const bad of ['', '.', '..'])
    await assert.rejects(clientOf(t, service.port).getBox({ id: bad }), /getBox cannot be called with id/);
  assert.equal(service.seen.length, 0);
});

test('rows come page by page, with the same filter', async (t) => {
  const service = await fake(t, ({ target }) =>
    target.includes('cursor=two')
      ? [200, [{ id: 2, name: 'B' }]]
      : [200, [one], { link: '<http://evil.example/?cursor=two>; rel="next"' }],
  );
  const rows = await listed(eachRow(clientOf(t, service.port).listBoxes({ of: 7, limit: 1, colour: ['r', 'b'] })));
  assert.deepEqual(
    rows.map((each) => each.id),
    [1, 2],
  );
  const filter = 'limit=1&of=7&colour=r&colour=b';
  assert.deepEqual(
    service.seen.map(({ target }) => target),
    [`GET /boxes?${filter}`, `GET /boxes?limit=1&cursor=two&of=7&colour=r&colour=b`],
  );
});

for (const [what, link, pages] of [
  ['leads back to the same page', '</boxes?cursor=same>; rel="next"', 2],
  ['has no cursor', '</boxes?limit=1>; rel="next"', 1],
  ['has an empty cursor', '</boxes?cursor=>; rel="next"', 1],
  ['has no query', '</boxes>; rel="next"', 1],
  ['cannot be read', '</boxes?cursor=two>; title="x"; rel="next"', 1],
] as const) {
  test(`a next page whose link ${what} is an error: the rows before it are not the whole list`, async (t) => {
    const service = await fake(t, () => [200, [one], { link }]);
    await assert.rejects(
      listed(eachRow(clientOf(t, service.port).listBoxes({}))),
      (error) => isAppError(error, errors.BOXES_AWAY) && /link to the next page/.test(String(error.cause)),
    );
    assert.equal(service.seen.length, pages);
  });
}

test('a link that leads elsewhere than to the next page is none', async (t) => {
  const service = await fake(t, () => [200, [one], { link: '</boxes?cursor=zero>; rel="prev", </>; rel="nextcloud"' }]);
  assert.deepEqual(await listed(eachRow(clientOf(t, service.port).listBoxes({}))), [one]);
});

test('an error of the operation is thrown as it is, in the words of the service', async (t) => {
  const service = await fake(t, () => [404, { code: 'BOX_LOST', title: '箱子不存在' }]);
  await assert.rejects(
    clientOf(t, service.port).getBox({ id: '9' }),
    (error) => isAppError(error, errors.BOX_LOST) && error.messageIn('en') === '箱子不存在',
  );
  assert.equal(service.seen.length, 1);
});

for (const [what, reply] of [
  ['an error that the operation does not have', [404, { code: 'ROUTE_NOT_FOUND', title: 'x' }]],
  ['an answer that does not fit', [200, { id: 'one' }]],
  ['a failure', [500, { code: 'INTERNAL' }]],
  ['a redirect', [302, undefined, { location: '/x' }]],
] as const)
  test(`${what} is no answer: another instance is asked`, async (t) => {
    const [bad, good] = [await fake(t, () => reply), await fake(t, () => [200, one])];
    const client = clientOf(t, bad.port, good.port);
    for (let i = 0; i < 2; i += 1) assert.deepEqual(await client.getBox({ id: '1' }), one);
    await assert.rejects(clientOf(t, bad.port).getBox({ id: '1' }), isAway);
  });

test('what must not be done twice is sent once, unless nobody listened', async (t) => {
  const cutting = await fake(t, () => 'cut');
  const body = { name: 'A' };
  await assert.rejects(clientOf(t, cutting.port, cutting.port).addBox({ body }), isAway);
  assert.equal(cutting.seen.length, 1);
  const good = await fake(t, () => [201, one]);
  // Port 1 is never listened on.
  for (let i = 0; i < 2; i += 1) assert.deepEqual(await clientOf(t, 1, good.port).addBox({ body }), one);
  // It also says when to try again, like any other failure.
  const discovery = known([cutting.port]);
  const slower = apiClient(boxApi, { discovery, clock: systemClock, service: 'box-service', retryAfterMs: 5_000 });
  t.after(() => slower.close());
  await assert.rejects(slower.addBox({ body }), (error) => isAppError(error) && error.retryAfterMs === 5_000);
});

test('an idempotent operation is sent again with the same key', async (t) => {
  const service = await fake(t, (_seen, count) => (count === 1 ? 'cut' : [200, one]));
  const client = clientOf(t, service.port);
  await client.payBox({ id: 1 });
  await client.payBox({ id: 1 }, { idempotencyKey: 'mine' });
  const [first, second, third] = service.seen.map(({ headers }) => headers['idempotency-key']);
  assert.match(String(first), /^"[0-9a-f-]{36}"$/);
  assert.equal(second, first);
  assert.equal(third, '"mine"');
});

test('an answer without a body is undefined', async (t) => {
  const service = await fake(t, () => [204]);
  assert.equal(await clientOf(t, service.port).removeBox({ id: 1 }), undefined);
});

test('without an error of its own, a service that is away is named', async (t) => {
  const client = apiClient(boxApi, { discovery: known([]), clock: systemClock, service: 'box-service' });
  t.after(() => client.close());
  await assert.rejects(
    client.getBox({ id: '1' }),
    (error) => isAppError(error, 'SERVICE_UNAVAILABLE') && error.message === 'The service box-service is not available',
  );
});

test('without instances, the service is unavailable, and a health check fails', async (t) => {
  const client = clientOf(t);
  await assert.rejects(client.getBox({ id: '1' }), isAway);
  assert.throws(() => client.check(), /no instance of box-service/);
});

test('what makes no request is the mistake of the caller, not of the service', async (t) => {
  const service = await fake(t, () => [200, one]);
  const client = clientOf(t, service.port);
  const unsendable = (error: unknown): boolean =>
    error instanceof Error && !isAppError(error) && /do not make a valid request/.test(error.message);
  await assert.rejects(client.payBox({ id: 1 }, { idempotencyKey: '键' }), unsendable);
  await assert.rejects(client.addBox({ body: { name: 1n as unknown as string } }), unsendable);
  assert.equal(service.seen.length, 0);
  await client.payBox({ id: 1 }, { idempotencyKey: 'a"b\\c' });
  assert.equal(service.seen[0]?.headers['idempotency-key'], '"a\\"b\\\\c"');
});

test('an instance with an address that is none is passed over', async (t) => {
  const service = await fake(t, () => [201, one]);
  const discovery = new FakeDiscovery();
  discovery.set('box-service', [
    { address: 'no host', port: 1 },
    { address: '127.0.0.1', port: service.port },
  ]);
  const client = apiClient(boxApi, { discovery, clock: systemClock, service: 'box-service' });
  t.after(() => client.close());
  for (let i = 0; i < 2; i += 1) assert.deepEqual(await client.addBox({ body: { name: 'A' } }), one);
});
