import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { defineErrors } from '@flotilla/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import { createHealth } from '../health/index.ts';
import { silentLogger } from '../logger/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import { createHttpApp } from './http-app.ts';

const { app } = await createHttpApp({
  logger: silentLogger(),
  health: createHealth(),
  metrics: createMetrics(),
  bodyLimitBytes: 1000,
});
let base = '';
let port = 0;

const shopErrors = defineErrors('shop-service', {
  BAD_CART_ID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The id of the cart is not valid', 'zh-CN': '无效的购物车 ID' },
    cause: 'Of a test.',
    action: 'Nothing.',
  },
});

before(async () => {
  const body = z.strictObject({ name: z.string().max(10), tags: z.array(z.string()).optional() });
  app.post('/users', { schema: { body } }, (request, reply) => reply.code(201).send(request.body));
  const querystring = z.strictObject({
    limit: z.coerce.number().int().max(100).optional(),
    q: z.coerce.string().optional(),
    tag: z.array(z.string()).optional(),
  });
  app.get('/list', { schema: { querystring } }, (request) => request.query);
  const params = z.object({ id: z.string().regex(/^\d{1,16}$/) });
  app.get(
    '/users/:id',
    { schema: { params }, config: { invalidParameters: shopErrors.BAD_CART_ID } },
    (request) => request.params,
  );
  base = await app.listen({ host: '127.0.0.1', port: 0 });
  port = Number(new URL(base).port);
});
after(() => app.close());

type Problem = {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { field: string; code: string; message: string }[];
};

async function send(path: string, body?: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(base + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const answer = (await response.json()) as Problem; // Only read, field by field.
  return { status: response.status, code: answer.code, fields: answer.errors?.map(({ field }) => field), answer };
}

/** Sends bytes as they are and gives all that comes back until the server closes. */
function raw(bytes: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let received = '';
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
  socket.on('data', (chunk) => (received += chunk.toString()));
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(received));
  return promise;
}

describe('a body', () => {
  it('is refused with 400 INVALID_JSON if it is not one complete JSON value in UTF-8', async () => {
    for (const bad of [
      '{',
      '{"name":"a"} x',
      '{name:1}',
      '',
      'NaN',
      '{"name":"a",}',
      new Uint8Array([0x22, 0xff, 0x22]),
    ])
      assert.deepEqual(
        [(await send('/users', bad)).status, (await send('/users', bad)).code],
        [400, 'INVALID_JSON'],
        String(bad),
      );
  });

  it('is refused with a JSON pointer to every invalid field', async () => {
    const { status, answer } = await send('/users', '{"name":12345,"tags":["a",1],"a/b~c":1}');
    assert.equal(status, 400);
    assert.deepEqual(
      answer.errors?.map(({ field }) => field),
      ['/name', '/tags/1', '/a~1b~0c'],
    );
  });

  it('is refused with the names of missing fields', async () => {
    const missing = await send('/users', '{}');
    assert.deepEqual(missing.answer.errors, [{ field: '/name', code: 'REQUIRED', message: 'is required' }]);
    const response = await fetch(`${base}/users`, { method: 'POST' });
    assert.equal(response.status, 400);
    const nothing = (await response.json()) as Problem; // Only read.
    assert.deepEqual(nothing.errors, [{ field: '', code: 'BODY_REQUIRED', message: 'a JSON body is required' }]);
  });

  it('is reported missing at once if neither its length nor its coding is given', async () => {
    for (const [type, answer] of [
      ['content-type: application/json\r\n', /^HTTP\/1\.1 400 .*INVALID_JSON/s],
      ['content-type: text/plain\r\n', /^HTTP\/1\.1 415 /],
      ['', /^HTTP\/1\.1 400 .*BODY_REQUIRED/s],
    ] as const)
      assert.match(await raw(`POST /users HTTP/1.1\r\nhost: a\r\n${type}connection: close\r\n\r\n`), answer);
  });

  it('cannot reach a prototype', async () => {
    for (const bad of ['{"__proto__":{"a":1},"name":"a"}', '{"name":"a","tags":[],"\\u005f_proto__":1}'])
      assert.deepEqual((await send('/users', bad)).fields, ['/__proto__'], bad);
  });

  it('is refused if a string in it has half a surrogate pair', async () => {
    assert.deepEqual((await send('/users', '{"name":"\\ud800"}')).fields, ['/name']);
    assert.equal((await send('/users', '{"name":"\\ud83d\\ude00"}')).status, 201);
  });

  it('is refused if an object in it has a name twice: another reader may use the other value', async () => {
    assert.deepEqual((await send('/users', '{"name":"a","name":"b"}')).fields, ['/name']);
    const { fields, answer } = await send('/users', '{"name":"a","tags":[{"x/y":1,"x\\u002fy":2}]}');
    assert.deepEqual([fields, answer.errors?.[0]?.code], [['/tags/0/x~1y'], 'GIVEN_TWICE']);
  });

  it('is refused if a number in it is out of range, with the reason', async () => {
    for (const number of ['1e400', '-1e400']) {
      const { answer } = await send('/users', `{"name":${number}}`);
      assert.deepEqual(answer.errors?.[0]?.code, 'NOT_FINITE', number);
    }
  });

  it('may begin with a byte order mark, which RFC 8259 lets readers ignore', async () => {
    assert.equal((await send('/users', '\ufeff{"name":"a"}')).status, 201);
  });

  it('is refused entirely in the language of the caller', async () => {
    const { answer } = await send('/users', '{"name":"12345678901","tags":{},"x":1}', { 'accept-language': 'zh' });
    assert.deepEqual(answer.errors, [
      { field: '/name', code: 'TOO_LONG', message: '最多 10 个字符' },
      { field: '/tags', code: 'NOT_AN_ARRAY', message: '必须是数组' },
      { field: '/x', code: 'UNKNOWN_FIELD', message: '是未知字段' },
    ]);
  });

  it('may be nested deeper than the stack', async () => {
    const deep = `${'['.repeat(490)}"\\u005f_"${']'.repeat(490)}`;
    assert.equal((await send('/users', deep)).status, 400);
  });

  it('is refused with 413 if it is too large, with and without Content-Length', async () => {
    const large = JSON.stringify({ name: 'a'.repeat(5000) });
    const declared = await send('/users', large);
    assert.deepEqual([declared.status, declared.code], [413, 'PAYLOAD_TOO_LARGE']);
    const chunk = `1388\r\n${'a'.repeat(5000)}\r\n0\r\n\r\n`;
    const head = 'POST /users HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n';
    assert.match(
      await raw(`${head}transfer-encoding: chunked\r\n\r\n${chunk}`),
      /^HTTP\/1\.1 413 .*PAYLOAD_TOO_LARGE/s,
    );
  });

  it('is refused with 415 if its type, charset or coding is not supported', async () => {
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'application/json; charset=gbk' },
      { 'content-type': 'application/json; charset=utf-8; charset=gbk' },
      { 'content-type': 'rubbish' },
      { 'content-encoding': 'gzip' },
    ]) {
      const { status, code } = await send('/users', '{"name":"a"}', headers);
      assert.deepEqual([status, code], [415, 'UNSUPPORTED_MEDIA_TYPE'], JSON.stringify(headers));
    }
    assert.equal(
      (await send('/users', '{"name":"a"}', { 'content-type': 'application/json; charset="UTF-8"' })).status,
      201,
    );
  });

  it('never makes the server fail, whatever its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 50 }),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        async (bytes) => {
          const { status } = await send('/users', new Uint8Array(bytes));
          assert.ok(status === 201 || (status >= 400 && status < 500), `status ${status}`);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a query', () => {
  it('is refused if a parameter that is not a list is repeated, whatever the schema', async () => {
    assert.deepEqual((await send('/list?limit=1&limit=2')).fields, ['?limit']);
    assert.deepEqual((await send('/list?q=1&q=2')).fields, ['?q']);
  });

  it('turns a list parameter into a list, even a single value', async () => {
    assert.deepEqual((await send('/list?tag=a')).answer, { tag: ['a'] });
    assert.deepEqual((await send('/list?tag=a&tag=b%2Bc+d')).answer, { tag: ['a', 'b+c d'] });
  });

  it('is refused with the name of a parameter that is invalid, unknown or badly encoded', async () => {
    assert.deepEqual((await send('/list?limit=x')).fields, ['?limit']);
    assert.deepEqual((await send('/list?limit=101')).fields, ['?limit']);
    assert.deepEqual((await send('/list?nope=1')).fields, ['?nope']);
    assert.deepEqual((await send('/list?__proto__=1')).fields, ['?__proto__']);
    assert.deepEqual((await send('/list?q=%zz')).fields, ['?q']);
    assert.deepEqual((await send('/list?q=%ff')).fields, ['?q']);
    assert.equal((await send(`/list?${'a&'.repeat(300)}`)).status, 400);
  });

  it('never makes the server fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'%&=+;#?[]ab0f/.é'), maxLength: 20 }), async (text) => {
        const { status } = await send(`/list?${text.replaceAll('#', '')}`);
        assert.ok(status === 200 || status === 400, `status ${status}`);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a path', () => {
  it('is refused if it is not percent-encoded UTF-8', async () => {
    for (const path of ['/users/%ff', '/users/%zz', '/users/%', '/%c0%80'])
      assert.equal((await send(path)).status, 400, path);
  });

  it('is refused with the name of the parameter and the code of the route', async () => {
    const { code, fields } = await send('/users/abc');
    assert.deepEqual([code, fields], ['BAD_CART_ID', ['{id}']]);
    assert.equal((await send(`/users/${'1'.repeat(500)}`)).code, 'BAD_CART_ID');
  });

  it('is refused with 414 if it is too long', async () => {
    assert.equal((await send(`/${'a'.repeat(9000)}`)).status, 414);
    assert.match(
      await raw(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`),
      /^HTTP\/1\.1 414 .*URI_TOO_LONG/s,
    );
  });
});

describe('a message', () => {
  const cases: readonly (readonly [what: string, bytes: string, status: number, code: string])[] = [
    ['that is no HTTP', 'RUBBISH\r\n\r\n', 400, 'BAD_MESSAGE'],
    ['of another version', 'GET / HTTP/3.0\r\n\r\n', 505, 'HTTP_VERSION_NOT_SUPPORTED'],
    ['with an unknown method', 'BREW / HTTP/1.1\r\nhost: a\r\n\r\n', 501, 'NOT_IMPLEMENTED'],
    [
      'with two lengths',
      'POST /users HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
      'BAD_MESSAGE',
    ],
    [
      'with a broken chunk',
      'POST /users HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      400,
      'BAD_MESSAGE',
    ],
    [
      'with a transfer coding besides chunked',
      'POST /users HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      501,
      'NOT_IMPLEMENTED',
    ],
    ['of CONNECT', 'CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n', 501, 'NOT_IMPLEMENTED'],
    [
      'with a fragment in its target',
      'GET /list#limit=1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      400,
      'AMBIGUOUS_TARGET',
    ],
    [
      'with too many header bytes',
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['without Host', 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'BAD_MESSAGE'],
    [
      'with an expectation we do not know',
      'GET /health HTTP/1.1\r\nhost: a\r\nexpect: a-cake\r\n\r\n',
      417,
      'EXPECTATION_FAILED',
    ],
  ];
  for (const [what, bytes, status, code] of cases)
    it(`${what} is answered with ${status} ${code} as a problem, and the connection is closed`, async () => {
      const answer = await raw(bytes);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(answer, /^content-type: application\/problem\+json\r$/im);
      assert.match(answer, /^connection: close\r$/im);
      assert.ok(answer.includes(`"code":"${code}"`), answer);
    });

  it('of OPTIONS for the whole server lists all methods', async () => {
    const answer = await raw('OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 204 .*allow: GET, HEAD, POST, OPTIONS/is);
  });

  it('can follow a refused body on the same connection', async () => {
    const bad = 'POST /users HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n{';
    const good = 'GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';
    assert.match(await raw(bad + good), /^HTTP\/1\.1 400 .*HTTP\/1\.1 200 /s);
  });
});
