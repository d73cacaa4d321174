import assert from 'node:assert/strict';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:http2';
import { suite, test } from 'node:test';
import { RawClient, temporaryCertificate } from '@flotilla/conformance';
import type { AskPolicyConfig, GatewayConfig } from '@flotilla/gateway';
import { type Authority, authority } from './authority.ts';
import { type ForeignService, foreignService } from './foreign-service.ts';
import { type PeerGateway, peerGateway } from './peer-gateway.ts';

const ask: AskPolicyConfig = {
  kind: 'ask',
  service: 'auth',
  target: '/check?realm=shop',
  toService: ['X-User'],
  toClient: ['Set-Cookie'],
  timeoutMs: 400,
};

const config: GatewayConfig = {
  policies: [{ kind: 'fields', answer: { set: { 'Strict-Transport-Security': 'max-age=60' }, remove: ['Server'] } }],
  routes: [
    { kind: 'proxy', match: '/shop/', service: 'peer', policies: [ask] },
    { kind: 'proxy', match: '/open/', service: 'peer', policies: [{ ...ask, onFailure: 'let-through' }] },
    { kind: 'proxy', match: '/page', methods: ['POST'], service: 'peer', policies: [ask] },
    { kind: 'proxy', match: '/page', methods: ['OPTIONS'], service: 'peer' },
    { kind: 'proxy', match: '/mapped/', service: 'peer', policies: [{ ...ask, errors: { 401: 'NOT_FOUND' } }] },
    {
      kind: 'proxy',
      match: '/edited/',
      service: 'peer',
      policies: [
        { kind: 'fields', request: { remove: ['Cookie'], set: { 'X-Tenant': 'blue' }, add: { Accept: 'text/html' } } },
      ],
    },
    {
      kind: 'aggregate',
      match: '/both',
      parameters: {},
      parts: { one: { service: 'peer', target: '/one', need: 'required' } },
      policies: [ask],
    },
  ],
};

interface World extends AsyncDisposable {
  readonly gateway: PeerGateway;
  readonly service: ForeignService;
  readonly authority: Authority;
}

async function world(): Promise<World> {
  const stack = new AsyncDisposableStack();
  const certificate = stack.use(await temporaryCertificate('first'));
  const service = stack.use(await foreignService());
  const judge = stack.use(await authority());
  const gateway = stack.use(await peerGateway(service.port, certificate, config));
  gateway.discovery.set('auth', [{ id: 'auth-0', address: '127.0.0.1', port: judge.port }]);
  return { gateway, service, authority: judge, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Asking {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks over HTTP/1.1. */
function over1({ gateway }: World, { method = 'GET', path, headers = {}, body }: Asking): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { host: '127.0.0.1', port: gateway.port, path, method, headers, agent: false };
  const request = httpRequest(options, (response) => {
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
  });
  request.on('error', reject);
  request.end(body);
  return promise;
}

/** Asks over HTTP/2. */
async function over2({ gateway }: World, { method = 'GET', path, headers = {}, body }: Asking): Promise<Answer> {
  const session = connect(gateway.secureUrl, { rejectUnauthorized: false });
  try {
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const stream = session.request({ ...lower, ':method': method, ':path': path }, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders>();
    stream.on('response', (fields) => resolve({ ...fields }));
    stream.on('error', reject);
    const answered = await promise;
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return { status: Number(answered[':status']), headers: answered, body: text };
  } finally {
    session.destroy();
  }
}

const large = 'x'.repeat(300_000);

for (const [protocol, send] of [
  ['HTTP/1.1', over1],
  ['HTTP/2', over2],
] as const) {
  suite(`a service that is asked about requests over ${protocol}`, () => {
    test('gets a separate GET, and says who goes through and with which fields', async () => {
      await using one = await world();
      const headers = { Authorization: 'alice', 'Content-Type': 'text/plain', 'X-User': 'root' };
      const answer = await send(one, { method: 'POST', path: '/shop/caf%C3%A9?a=%2F', headers, body: large });
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.headers['set-cookie'], ['session=new; Path=/', 'seen=1']);
      const [question] = one.authority.asked;
      assert.equal(question?.line, 'GET /check?realm=shop');
      assert.equal(question?.fields['x-forwarded-method'], 'POST');
      assert.equal(question?.fields['x-forwarded-uri'], '/shop/caf%C3%A9?a=%2F');
      assert.equal(question?.fields['x-forwarded-for'], '127.0.0.1');
      // Nothing says that a body belongs to it.
      for (const name of ['content-length', 'transfer-encoding', 'content-type', 'expect', 'x-user']) {
        assert.ok(question?.names.includes(name) === false, name);
      }
      const [asked] = one.service.asked;
      assert.equal(asked?.line, 'POST /shop/caf%C3%A9?a=%2F');
      assert.equal(asked?.bodyBytes, large.length);
      assert.deepEqual(valuesOf(asked?.fields, 'x-user'), ['alice']);
    });

    test('that does not name the user leaves it empty: the client cannot set it, under any name', async () => {
      await using one = await world();
      const headers = { Authorization: 'guest', 'X-User': 'root', 'x-user': 'root', x_user: 'root', 'X.User': 'root' };
      assert.equal((await send(one, { path: '/shop/x', headers })).status, 200);
      assert.doesNotMatch(one.service.asked[0]?.fields.join('\n') ?? '', /root/);
    });

    test('has its refusal forwarded unchanged: fields, body, and a HEAD with neither body nor end', async () => {
      await using one = await world();
      const refused = await send(one, { path: '/shop/x' });
      assert.deepEqual([refused.status, refused.body], [401, '{"error":"who are you?"}']);
      assert.equal(refused.headers['www-authenticate'], 'Bearer realm="shop"');
      assert.equal(refused.headers['cache-control'], 'no-store');
      assert.equal(refused.headers['strict-transport-security'], 'max-age=60');
      const head = await send(one, { method: 'HEAD', path: '/shop/x' });
      assert.deepEqual([head.status, head.body, head.headers['content-length']], [401, '', '24']);
      assert.equal(one.authority.asked[1]?.fields['x-forwarded-method'], 'HEAD');
      const away = await send(one, {
        method: 'POST',
        path: '/shop/x',
        headers: { Authorization: 'away' },
        body: 'small',
      });
      assert.deepEqual([away.status, away.headers.location], [302, '/login']);
      assert.deepEqual([away.headers['set-cookie'], away.headers['x-hop']], [['back=1'], undefined]);
      assert.equal((await send(one, { path: '/mapped/x' })).status, 404);
      assert.equal(one.service.asked.length, 0);
    });

    test('that fails, is late or is away lets nobody through, and the client is not blamed', async () => {
      await using one = await world();
      const answerOf = async (name: string): Promise<Answer> =>
        send(one, { path: '/shop/x', headers: { Authorization: name } });
      const broken = await answerOf('fault');
      assert.equal(broken.status, 502);
      assert.doesNotMatch(broken.body, /stack trace/);
      assert.equal((await answerOf('slow')).status, 504);
      one.gateway.discovery.set('auth', []);
      const away = await answerOf('alice');
      assert.deepEqual([away.status, away.headers['retry-after']], [503, '1']);
      assert.equal(one.service.asked.length, 0);
    });

    test('that fails lets everybody through where the route says so, except those that it refuses', async () => {
      await using one = await world();
      for (const [name, status] of [
        ['fault', 200],
        ['slow', 200],
        ['nobody', 401],
      ] as const) {
        const headers = { Authorization: name, 'X-User': 'root' };
        const answer = await send(one, { method: 'POST', path: '/open/x', headers, body: large });
        assert.equal(answer.status, status, name);
      }
      assert.deepEqual(
        one.service.asked.map(({ bodyBytes, fields }) => [bodyBytes, fields.includes('root')]),
        [
          [large.length, false],
          [large.length, false],
        ],
      );
    });

    test('is asked about aggregates like about everything else, and their parts get what it says', async () => {
      await using one = await world();
      assert.equal((await send(one, { path: '/both' })).status, 401);
      assert.equal(one.service.asked.length, 0);
      const answer = await send(one, { path: '/both', headers: { Authorization: 'alice' } });
      assert.deepEqual([answer.status, answer.headers['set-cookie']?.length], [200, 2]);
      assert.deepEqual(valuesOf(one.service.asked[0]?.fields, 'x-user'), ['alice']);
    });

    test('is asked for the same path as the service: an ambiguous path is refused before', async () => {
      await using one = await world();
      for (const path of ['/shop/%252e%252e/x', '/shop/a%2fb', '/open/..%2fshop/x', '/shop//x']) {
        assert.equal((await send(one, { path, headers: { Authorization: 'alice' } })).status, 400, path);
      }
      assert.equal(one.authority.asked.length + one.service.asked.length, 0);
    });

    test('hears only from the gateway what is asked for, and by whom', async () => {
      await using one = await world();
      const headers = {
        Authorization: 'alice',
        'X-Forwarded-Uri': '/evil',
        'X-Forwarded-Method': 'EVIL',
        'X-Forwarded-Host': 'evil',
        'X-Original-URL': '/evil',
        x_forwarded_uri: '/evil',
        'X.Forwarded.Method': 'EVIL',
      };
      assert.equal((await send(one, { path: '/shop/x', headers })).status, 200);
      assert.doesNotMatch(JSON.stringify(one.authority.asked), /evil/i);
    });

    test('is not asked about answers of the gateway itself, nor about a preflight for a neighbouring route', async () => {
      await using one = await world();
      for (const [method, path, status] of [
        ['OPTIONS', '/both', 204],
        ['POST', '/both', 405],
        ['GET', '/page', 405],
        ['OPTIONS', '/page', 200],
        ['GET', '/nothing', 404],
        ['GET', '/health', 200],
      ] as const) {
        const answer = await send(one, { method, path });
        assert.equal(answer.status, status, `${method} ${path}`);
        assert.equal(answer.headers['strict-transport-security'], 'max-age=60', path);
      }
      assert.equal(one.authority.asked.length, 0);
    });

    test('fields are changed as the route says', async () => {
      await using one = await world();
      const headers = { Cookie: 'a=b', 'X-Tenant': 'red', Accept: 'text/plain' };
      assert.equal((await send(one, { path: '/edited/x', headers })).status, 200);
      const fields = one.service.asked[0]?.fields;
      assert.deepEqual(valuesOf(fields, 'cookie'), []);
      assert.deepEqual(valuesOf(fields, 'x-tenant'), ['blue']);
      assert.deepEqual(valuesOf(fields, 'accept'), ['text/plain', 'text/html']);
    });
  });
}

suite('a service that is asked about requests', () => {
  test('has the last word on a field that the client names in Connection', async () => {
    await using one = await world();
    using client = await RawClient.connect(one.gateway.port);
    client.send('GET /shop/x HTTP/1.1\r\nHost: h\r\nAuthorization: alice\r\nConnection: x-user, authorization\r\n\r\n');
    assert.equal((await client.response())?.status, 200);
    assert.deepEqual(valuesOf(one.service.asked[0]?.fields, 'x-user'), ['alice']);
  });

  test('is asked about an upgrade with a plain GET, and no WebSocket opens that it refuses', async () => {
    await using one = await world();
    using client = await RawClient.connect(one.gateway.port);
    client.send(
      'GET /shop/ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    assert.equal((await client.response())?.status, 401);
    assert.equal(one.service.asked.length, 0);
    const names = one.authority.asked[0]?.names ?? [];
    assert.ok(!names.includes('upgrade') && !names.includes('sec-websocket-key'));
  });

  test('refuses a body before it is sent: a client that waits for 100 (Continue) does not get it', async () => {
    await using one = await world();
    using client = await RawClient.connect(one.gateway.port);
    client.send('POST /shop/x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n');
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.body], [401, '{"error":"who are you?"}']);
    assert.equal(await client.ended(), 'ended');
  });
});

function valuesOf(fields: readonly string[] = [], lowerName: string): readonly string[] {
  return fields.filter((_, at) => at % 2 === 1 && fields[at - 1]?.toLowerCase() === lowerName);
}
