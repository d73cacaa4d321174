import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { AppError, defineErrors } from '@flotilla/contracts';
import { z } from 'zod';
import { createHealth } from '../health/index.ts';
import { createLogger, silentLogger } from '../logger/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import { createHttpApp } from './http-app.ts';
import { requestContext } from './request-context.ts';

const shopErrors = defineErrors('shop-service', {
  NO_SUCH_CART: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such cart', 'zh-CN': '购物车不存在' },
    cause: 'Of a test.',
    action: 'Nothing.',
  },
});

const lines: string[] = [];
const sink = { write: (text: string) => lines.push(text) };
const health = createHealth();
const { app } = await createHttpApp({
  logger: createLogger({ service: 's', instance: 'i', level: 'debug', format: 'json', stdout: sink, stderr: sink }),
  health,
  metrics: createMetrics(),
  bodyLimitBytes: 100,
});
let base = '';
const neverAnswered = Promise.withResolvers<void>();

before(async () => {
  health.setState('ready');
  health.addCheck({ name: 'database', check() {} });
  app.get('/users/:id', (request) => ({ context: requestContext(request) }));
  app.delete('/users/:id', (_request, reply) => reply.code(204).send());
  app.post('/users', { schema: { body: z.strictObject({ name: z.string() }) } }, (request, reply) =>
    reply.code(201).send(request.body),
  );
  app.put('/users/:id/lease', { config: { requestLogLevel: 'debug' } }, (request) => {
    // The route has just this parameter.
    if ((request.params as Problem)['id'] === '0')
      throw new AppError('LEASE_NOT_FOUND', { parameters: { name: 'web', id: '0' } });
    return { body: request.body ?? null };
  });
  app.get('/missing', () => {
    throw new AppError(shopErrors.NO_SUCH_CART);
  });
  app.get('/later', () => {
    throw new AppError('NOT_IMPLEMENTED');
  });
  app.get('/boom', () => {
    throw new Error('the password is hunter2');
  });
  app.get('/no-such-code', () => {
    // What a program in plain JavaScript can do.
    throw new AppError('NO_SUCH_CRAT' as unknown as 'NOT_FOUND');
  });
  app.get('/no-such-field-code', () => {
    const code = 'NOPE' as unknown as 'REQUIRED';
    throw new AppError('INVALID_REQUEST', { fields: [{ field: '/x', code }] });
  });
  app.get('/odd', () => {
    throw 'a text'; // oxlint-disable-line typescript/only-throw-error -- what a careless library may do
  });
  app.get('/never', { config: { requestLogLevel: 'debug' } }, () => {
    neverAnswered.resolve();
    return new Promise(() => undefined);
  });
  base = await app.listen({ host: '127.0.0.1', port: 0 });
});
after(() => app.close());

type Answer = { readonly status: number; readonly headers: Headers; readonly text: string; readonly problem: Problem };
type Problem = { readonly [name: string]: unknown };

async function call(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(base + path, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return { status: response.status, headers: response.headers, text, problem: isJson ? JSON.parse(text) : {} };
}

/** The log lines of one request, which may be written just after its answer was read. */
async function linesOf(requestId: string): Promise<Problem[]> {
  for (let turn = 0; turn < 1000; turn++) {
    const found = lines.map((line): Problem => JSON.parse(line)).filter((line) => line['requestId'] === requestId);
    if (found.some((line) => line['msg'] === 'request')) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`No line for ${requestId}`);
}

describe('an HTTP app', () => {
  it('accepts a request without a body, whatever its content type, if it expects none', async () => {
    const types = ['application/json', 'application/json; charset=gbk', 'application/x-www-form-urlencoded', 'rubbish'];
    for (const type of types) {
      const headers = { 'content-type': type };
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const path = method === 'PUT' ? '/users/1/lease' : '/users/1';
        const answer = await call(path, { method, headers });
        assert.equal(answer.status, method === 'DELETE' ? 204 : 200, `${method} with ${type}`);
      }
      // With a length of 0, which curl sends for an empty body.
      assert.equal((await call('/users/1/lease', { method: 'PUT', headers, body: '' })).status, 200, type);
    }
    const empty = new ReadableStream({ start: (controller) => controller.close() });
    const headers = { 'content-type': 'application/json' };
    const chunked = await call('/users/1/lease', { method: 'PUT', headers, body: empty, duplex: 'half' });
    assert.deepEqual([chunked.status, chunked.problem], [200, { body: null }]);
  });

  it('requires a body if a route takes one, and a valid one if there is one', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const body of [undefined, '']) {
      const missing = await call('/users', { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
      assert.deepEqual([missing.status, missing.problem['code']], [400, 'INVALID_JSON']);
    }
    const form = await call('/users', { method: 'POST', headers: { 'content-type': 'text/plain' } });
    assert.equal(form.status, 415);
    assert.equal((await call('/users/1/lease', { method: 'PUT', headers, body: '{' })).status, 400);
  });

  it('logs successful probes at debug, and everything else at info', async () => {
    for (const [path, init, level] of [
      ['/health', {}, 'debug'],
      ['/metrics', {}, 'debug'],
      ['/users/1/lease', { method: 'PUT' }, 'debug'],
      ['/users/0/lease', { method: 'PUT' }, 'info'],
      ['/users/1', {}, 'info'],
    ] as const) {
      const answer = await call(path, init);
      const line = (await linesOf(answer.headers.get('x-request-id') ?? '')).find(({ msg }) => msg === 'request');
      assert.deepEqual([line?.['route'] !== '', line?.['level']], [true, level], path);
    }
  });

  it('counts a caller that leaves before the answer as gone, and no longer as in progress', async () => {
    const { hostname, port } = new URL(base);
    const caller = connect(Number(port), hostname);
    caller.write('GET /never HTTP/1.1\r\nhost: a\r\nx-request-id: gone\r\n\r\n');
    await neverAnswered.promise;
    caller.destroy();
    const line = (await linesOf('gone')).find(({ msg }) => msg === 'request');
    assert.deepEqual([line?.['status'], line?.['level']], [499, 'debug']);
    // The one in flight is the one that asks.
    assert.match((await call('/metrics')).text, /http_server_active_requests\{http_request_method="GET"[^}]*\} 1\n/);
  });

  it("keeps the caller's request id and trace, and returns both", async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { 'x-request-id': 'abc', traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'a=b' };
    const answer = await call('/users/1', { headers });
    assert.equal(answer.headers.get('x-request-id'), 'abc');
    assert.equal(answer.headers.get('x-trace-id'), traceId);
    const { trace } = answer.problem['context'] as { trace: Problem };
    assert.equal(trace['traceId'], traceId);
    assert.equal(trace['tracestate'], 'a=b');
    assert.notEqual(trace['spanId'], 'b7ad6b7169203331');
  });

  it('starts a new trace if the given one is invalid, and replaces an unsafe request id', async () => {
    const answer = await call('/users/1', { headers: { 'x-request-id': 'a b', traceparent: 'rubbish' } });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('x-request-id') ?? '', /^[0-9a-f]{32}$/);
    assert.match(answer.headers.get('x-trace-id') ?? '', /^[0-9a-f]{32}$/);
  });

  it('distinguishes the requests of one trace that come without ids', async () => {
    const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const ids = [await call('/users/1', { headers }), await call('/users/1', { headers })].map((answer) =>
      answer.headers.get('x-request-id'),
    );
    assert.equal(new Set(ids).size, 2);
  });

  it('answers an AppError as a problem in the language of the caller', async () => {
    const answer = await call('/missing', { headers: { 'accept-language': 'zh-TW, en;q=0.5', 'x-request-id': 'r1' } });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.equal(answer.headers.get('content-language'), 'zh-CN');
    assert.equal(answer.headers.get('vary'), 'Accept, Accept-Language');
    assert.equal(answer.problem['code'], 'NO_SUCH_CART');
    assert.equal(answer.problem['title'], '购物车不存在');
    assert.equal(answer.problem['requestId'], 'r1');
    assert.equal(answer.problem['instance'], '/missing');
  });

  it('answers with the plain message if plain text is preferred', async () => {
    const answer = await call('/missing', { headers: { accept: 'text/plain' } });
    assert.equal(answer.text, 'No such cart\n');
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
  });

  it("logs the cause of a defect with the request's ids, and never sends it", async () => {
    for (const path of ['/boom', '/odd']) {
      const answer = await call(path, { headers: { 'x-request-id': `id${path}` } });
      assert.equal(answer.status, 500);
      assert.equal(answer.problem['code'], 'INTERNAL');
      assert.doesNotMatch(answer.text, /hunter2|a text|at /);
      const error = (await linesOf(`id${path}`)).find((line) => line['level'] === 'error');
      assert.match(JSON.stringify(error?.['err']), /hunter2|a text/);
      assert.equal(error?.['traceId'], answer.headers.get('x-trace-id'));
    }
  });

  it('does not log an unsupported request as an error', async () => {
    const answer = await call('/later', { headers: { 'x-request-id': 'later-1' } });
    assert.equal(answer.status, 501);
    assert.deepEqual(
      (await linesOf('later-1')).map((line) => line['level']),
      ['info'],
    );
  });

  it('logs one line per request, with its route and without its query', async () => {
    await call('/users/7?token=hunter2', { headers: { 'x-request-id': 'log-1' } });
    const [line, ...others] = await linesOf('log-1');
    assert.equal(others.length, 0);
    assert.equal(line?.['path'], '/users/7');
    assert.equal(line?.['route'], '/users/:id');
    assert.equal(line?.['status'], 200);
    assert.equal(typeof line?.['durationMs'], 'number');
    assert.doesNotMatch(JSON.stringify(line), /hunter2/);
  });

  it('answers 404 for an unknown path, and 405 with Allow for a known one', async () => {
    assert.equal((await call('/nope')).problem['code'], 'ROUTE_NOT_FOUND');
    const answer = await call('/users/1', {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get('allow'), 'GET, HEAD, DELETE, OPTIONS');
    assert.equal(answer.problem['title'], 'Only GET, DELETE is supported');
    const chinese = await call('/missing', { method: 'PUT', headers: { 'accept-language': 'zh' } });
    assert.equal(chinese.problem['title'], '只支持 GET 方法');
  });

  it('answers OPTIONS and HEAD by itself', async () => {
    const options = await call('/users/1', { method: 'OPTIONS' });
    assert.equal(options.status, 204);
    assert.equal(options.headers.get('allow'), 'GET, HEAD, DELETE, OPTIONS');
    assert.equal((await call('/nope', { method: 'OPTIONS' })).status, 404);
    const head = await call('/users/1', { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.text, '');
    assert.ok(Number(head.headers.get('content-length')) > 0);
  });

  it('shows its health and readiness', async () => {
    const { timestamp, ...rest } = (await call('/health')).problem;
    assert.deepEqual(rest, { status: 'healthy' });
    assert.ok(!Number.isNaN(Date.parse(String(timestamp))));
    const ready = await call('/ready');
    assert.equal(ready.status, 200);
    assert.equal(ready.headers.get('cache-control'), 'no-store');
    assert.deepEqual(ready.problem['services'], { database: 'ok' });
    assert.equal((await call('/livez')).text, 'ok');
    assert.equal(
      (await call('/readyz?verbose&exclude=database')).text,
      '[+]ready ok\n[+]database excluded: ok\nreadyz check passed\n',
    );
  });

  it('answers an unknown error code with a problem, and logs the code', async () => {
    for (const [path, code] of [
      ['/no-such-code', 'NO_SUCH_CRAT'],
      ['/no-such-field-code', 'NOPE'],
    ] as const) {
      lines.length = 0;
      const { status, problem } = await call(path);
      assert.deepEqual([status, problem['code']], [500, 'INTERNAL']);
      assert.match(lines.join(''), new RegExp(`Unknown .*code .*${code}`));
    }
    const config = { invalidParameters: 'NOPE' as unknown as 'NOT_FOUND' };
    const { app: other } = await createHttpApp({ logger: silentLogger(), health, metrics: createMetrics() });
    assert.throws(() => other.get('/', { config }, () => ''), /Unknown error code "NOPE"/);
  });

  it('reports that it is not ready while it drains, on every probe but liveness', async () => {
    health.setState('draining');
    try {
      const ready = await call('/ready');
      assert.equal(ready.status, 503);
      assert.equal(ready.problem['status'], 'not_ready');
      assert.equal(ready.headers.get('connection'), 'close');
      assert.equal((await call('/readyz')).status, 503);
      assert.match((await call('/readyz')).text, /\[-\]draining failed/);
      assert.equal((await call('/livez')).status, 200);
      assert.equal((await call('/health')).status, 200);
    } finally {
      health.setState('ready');
    }
  });

  it('measures requests by route, method and status', async () => {
    await call('/users/8');
    await call('/boom');
    await call('/no/such/path');
    const { text } = await call('/metrics');
    const labels = (method: string, status: number, route: string, error: string) =>
      `http_request_method="${method}",http_response_status_code="${status}",http_route="${route}",url_scheme="http",network_protocol_version="1.1",error_type="${error}"`;
    assert.ok(text.includes(`http_server_request_duration_seconds_count{${labels('GET', 200, '/users/:id', '')}}`));
    assert.ok(text.includes(`http_server_request_duration_seconds_count{${labels('GET', 500, '/boom', '500')}}`));
    assert.ok(text.includes(`http_server_request_duration_seconds_count{${labels('GET', 404, '', '')}}`));
    assert.doesNotMatch(text, /status_code="400",http_route=""/);
    const unreadable = await call('/users/%ff');
    assert.equal((await linesOf(unreadable.headers.get('x-request-id') ?? '')).at(-1)?.['status'], 400);
    const { text: later } = await call('/metrics');
    assert.ok(later.includes(`http_server_request_duration_seconds_count{${labels('GET', 400, '', '')}} 1\n`));
    assert.match(text, /http_server_active_requests\{http_request_method="GET",url_scheme="http"\} 1\n/);
    assert.doesNotMatch(text, /no\/such\/path/);
  });
});
