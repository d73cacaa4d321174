import assert from 'node:assert/strict';
import { type IncomingHttpHeaders as Headers1, request as httpRequest } from 'node:http';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { suite, test } from 'node:test';
import { temporaryCertificate } from '@flotilla/conformance';
import type { GatewayConfig } from '@flotilla/gateway';
import { foreignService } from './foreign-service.ts';
import { type PeerGateway, peerGateway } from './peer-gateway.ts';

const config: GatewayConfig = {
  routes: [
    { kind: 'proxy', match: '/acct/{id}', methods: ['GET'], service: 'peer' },
    { kind: 'proxy', match: '/acct/{user}', methods: ['DELETE'], service: 'peer', rewrite: '/internal/acct/{user}' },
    { kind: 'proxy', match: '/acct/me', methods: ['PUT'], service: 'peer' },
    { kind: 'proxy', match: '/go/', service: 'peer', rewrite: '/to' },
    { kind: 'proxy', match: '/any/', service: 'peer' },
    { kind: 'proxy', match: '/round/', service: 'round' },
    {
      kind: 'aggregate',
      match: '/part/{status}/{body}',
      parameters: { status: { in: 'path', type: 'id' }, body: { in: 'path', type: 'text' } },
      parts: {
        one: { service: 'peer', target: '/status/{status}/{body}', need: 'required' },
        two: { service: 'peer', target: '/fine', need: 'required' },
      },
    },
    {
      kind: 'aggregate',
      match: '/tenant',
      parameters: { name: { in: 'query', type: 'text' } },
      parts: { one: { service: 'peer', target: '/tenants/{name}/public', need: 'required' } },
    },
    {
      kind: 'aggregate',
      match: '/brackets',
      parameters: {},
      parts: { one: { service: 'peer', target: '/brackets', need: 'required' } },
    },
    {
      kind: 'aggregate',
      match: '/half',
      parameters: {},
      parts: {
        one: { service: 'peer', target: '/fine', need: 'required' },
        two: { service: 'peer', target: '/brackets', need: 'optional' },
      },
    },
  ],
};

interface Answer {
  readonly status: number;
  readonly headers: Headers1 | IncomingHttpHeaders;
  readonly body: string;
}

interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly trailers?: Readonly<Record<string, string>>;
}

function ask(
  { port }: PeerGateway,
  path: string,
  { method = 'GET', headers = {}, trailers }: Question = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
    let body = '';
    response.on('data', (chunk: Buffer) => (body += chunk.toString()));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
  });
  request.on('error', reject);
  if (trailers !== undefined) {
    request.write('x');
    request.addTrailers(trailers);
  }
  request.end();
  return promise;
}

async function askOverHttp2(
  { secureUrl }: PeerGateway,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const session = connect(secureUrl, { rejectUnauthorized: false });
  try {
    const stream = session.request({ ':path': path, ...headers });
    const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders>();
    stream.on('response', resolve);
    stream.on('error', reject);
    const answered = await promise;
    let body = '';
    for await (const chunk of stream) body += String(chunk);
    return { status: Number(answered[':status']), headers: answered, body };
  } finally {
    session.destroy();
  }
}

suite('a foreign service', () => {
  test('gets the value of a parameter, whatever the chosen route calls it', async () => {
    await using service = await foreignService();
    await using gateway = await peerGateway(service.port, undefined, config);
    assert.equal((await ask(gateway, '/acct/7', { method: 'DELETE' })).status, 200);
    assert.equal((await ask(gateway, '/acct/me', { method: 'DELETE' })).status, 200);
    const wrong = await ask(gateway, '/acct/me', { method: 'POST' });
    assert.deepEqual([wrong.status, wrong.headers['allow']], [405, 'PUT, GET, HEAD, DELETE']);
    assert.deepEqual(
      service.asked.map(({ line }) => line),
      ['DELETE /internal/acct/7', 'DELETE /internal/acct/me'],
    );
  });

  test('has its refusals forwarded to the client, whatever their bodies are', async () => {
    await using service = await foreignService();
    await using gateway = await peerGateway(service.port, undefined, config);
    for (const status of [400, 401, 403, 404, 409, 410, 422, 429, 451, 503]) {
      for (const body of ['html', 'text', 'empty', 'json', 'problem', 'brackets']) {
        const answer = await ask(gateway, `/part/${status}/${body}`);
        assert.equal(answer.status, status, body);
        assert.equal(answer.headers['content-type'], 'application/problem+json');
        assert.equal(answer.headers['www-authenticate'], status === 401 ? 'Basic realm="a, b", Bearer' : undefined);
        assert.equal(answer.headers['retry-after'], status === 429 || status === 503 ? '7' : undefined);
        assert.equal(answer.body.includes('It says no.'), body === 'problem' && status !== 503, `${status} ${body}`);
        assert.doesNotMatch(answer.body, /<h1>|\[\[/);
      }
    }
    for (const status of [302, 405, 406, 500]) assert.equal((await ask(gateway, `/part/${status}/html`)).status, 502);
  });

  test('has its own errors forwarded to the client under their own names', async () => {
    await using service = await foreignService();
    await using gateway = await peerGateway(service.port, undefined, config);
    for (const status of [404, 422, 503]) {
      const { body, headers } = await ask(gateway, `/part/${status}/own`);
      const {
        instance: _instance,
        requestId: _request,
        traceId: _trace,
        ...told
      } = JSON.parse(body) as Record<string, unknown>;
      assert.deepEqual(told, {
        type: 'https://py.example/probs/no-room',
        title: 'Kein Platz',
        status,
        code: 'no-room',
        detail: 'It says no.',
      });
      assert.equal(headers['content-language'], undefined);
    }
  });

  test('is not called when a value would change the structure of the path', async () => {
    await using service = await foreignService();
    await using gateway = await peerGateway(service.port, undefined, config);
    for (const value of ['..', '.', '%00', '%2e%2e', 'a%2Fb', '..%2F..', 'a%5Cb', '..%3Bx', '%252e%252e', 'a%250d']) {
      assert.equal((await ask(gateway, `/tenant?name=${value}`)).status, 400, value);
    }
    assert.equal(service.asked.length, 0);
    assert.equal(
      (await ask(gateway, '/tenant?name=caf%C3%A9')).body,
      '{"one":{"line":"GET /tenants/caf%C3%A9/public"}}',
    );
  });

  test('cannot bring in what nobody could read: a part nested without end is refused', async () => {
    await using service = await foreignService();
    await using gateway = await peerGateway(service.port, undefined, config);
    assert.equal((await ask(gateway, '/brackets')).status, 502);
    assert.equal((await ask(gateway, '/half')).body, '{"one":{"line":"GET /fine"},"two":null,"missing":["two"]}');
  });

  test('hears only from the gateway where a request comes from, in HTTP/1.1 and HTTP/2, before and after a body', async () => {
    await using certificate = await temporaryCertificate('first');
    await using service = await foreignService();
    await using gateway = await peerGateway(service.port, certificate, config);
    const headers = {
      ...{
        'X-Forwarded-Prefix': '/evil',
        'X-Forwarded-User': 'evil',
        'x-forwarded-anything': 'evil',
        forwarded: 'for=evil',
      },
      ...{
        'X-Original-URL': '/evil',
        'CF-Connecting-IP': 'evil',
        'X-Envoy-Original-Path': '/evil',
        'Client-Cert': 'evil',
      },
      ...{ x_forwarded_for: 'evil', 'X.Real.IP': 'evil', 'X-Mine': 'kept' },
    };
    await ask(gateway, '/any/x', {
      method: 'POST',
      headers: { ...headers, 'Transfer-Encoding': 'chunked', Trailer: 'X-Sum' },
      trailers: { 'X-Forwarded-Prefix': '/evil', 'X-Sum': '1' },
    });
    await askOverHttp2(
      gateway,
      '/any/x',
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    );
    await ask(gateway, '/tenant?name=a', { headers });
    assert.equal(service.asked.length, 3);
    for (const { fields, trailers } of service.asked) assert.doesNotMatch([...fields, ...trailers].join('\n'), /evil/);
    assert.deepEqual(
      service.asked.map(({ fields }) => fields.includes('kept')),
      [true, true, false],
    );
    assert.deepEqual(service.asked[0]?.trailers, ['X-Sum', '1']);
  });

  test('redirects nobody to its own address, and to its own paths only through the route', async () => {
    await using service = await foreignService();
    await using gateway = await peerGateway(service.port, undefined, config);
    for (const [place, expected] of [
      ['http://HERE/to/next?x=1', '/go/next?x=1'],
      ['http://HERE/elsewhere', '/elsewhere'],
      ['//HERE/to', '/go'],
      ['/to/next', '/go/next'],
      ['/any/thing', '/any/thing'],
      ['https://login.example/', 'https://login.example/'],
    ] as const) {
      const answer = await ask(gateway, `/go/x?${encodeURIComponent(place)}`);
      assert.deepEqual([answer.headers['location'], answer.headers['content-location']], [expected, '/go/x'], place);
    }
  });

  test('that is the gateway itself, or leads back to it, gets nothing: the request ends at once', async () => {
    await using certificate = await temporaryCertificate('first');
    await using service = await foreignService();
    await using one = await peerGateway(service.port, certificate, config);
    await using other = await peerGateway(service.port, undefined, config);
    const at = ({ port }: PeerGateway) => ({ id: 'round-0', address: '127.0.0.1', port });
    one.discovery.set('round', [at(one)]);
    for (const answer of [await ask(one, '/round/x'), await askOverHttp2(one, '/round/x')]) {
      assert.equal(answer.status, 508);
      assert.match(answer.body, /"code":"LOOP_DETECTED"/);
    }
    assert.deepEqual(one.statuses, [508, 508, 508, 508]);
    one.discovery.set('round', [at(other)]);
    other.discovery.set('round', [at(one)]);
    assert.equal((await ask(one, '/round/x')).status, 508);
    assert.deepEqual([one.statuses.length, other.statuses], [6, [508]]);
    // Two gateways in a row are no loop.
    other.discovery.set('round', [{ id: 'end', address: '127.0.0.1', port: service.port }]);
    assert.equal((await ask(one, '/round/x')).status, 200);
  });
});
