import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { get, startEngine } from '../engine/engine-harness.ts';
import type { Serve } from './protocol-server.ts';

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  // Without an encoding a request gives buffers.
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** One request, one answer: what arrives on either side. */
export function upstreamExchangeTests(createEngine: CreateEngine, serve: Serve): void {
  test('a request arrives with its method, target and fields, and its answer with its own', async () => {
    let seen: IncomingMessage | undefined;
    await using service = await serve((request, response) => {
      seen = request;
      response.statusCode = 201;
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.setHeader('X-Request-Id', 'of the service');
      response.end('made');
    });
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    client.send(
      get('/ship/a%20b?q=1', 'X-Own: 1\r\nX-Own: 2\r\nConnection: X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\n', 'DELETE'),
    );
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.body], [201, 'made']);
    assert.deepEqual(answer?.values('set-cookie'), ['a=1', 'b=2']);
    assert.notEqual(answer.values('x-request-id')[0], 'of the service');
    assert.deepEqual([seen?.method, seen?.url], ['DELETE', '/ship/a%20b?q=1']);
    const { host, [':authority']: authority = host, ...fields } = seen?.headers ?? {};
    assert.equal(authority, 'gateway.example');
    assert.equal(fields['x-own'], '1, 2');
    assert.equal(fields['x-forwarded-for'], '127.0.0.1');
    assert.match(String(fields['via']), /^1\.1 flotilla-/);
    assert.deepEqual([fields['x-hop'], fields['te'], fields['upgrade']], [undefined, undefined, undefined]);
  });

  test('answers without a body end with their heads', async () => {
    await using service = await serve((request, response) => {
      response.statusCode = Number(request.url?.slice('/ship/'.length));
      if (request.method === 'HEAD') response.setHeader('Content-Length', 7);
      response.end();
    });
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    client.send(get('/ship/200', '', 'HEAD'));
    assert.deepEqual((await client.response({ toHead: true }))?.values('content-length'), ['7']);
    for (const status of [204, 304, 200]) {
      client.send(get(`/ship/${status}`));
      const answer = await client.response();
      assert.deepEqual([answer?.status, answer?.body, answer?.complete], [status, '', true]);
    }
  });

  test('bodies arrive whole both ways, whether their length is known or not', async () => {
    await using service = await serve(async (request, response) => {
      const body = await bodyOf(request);
      if (request.headers['content-length'] !== undefined) response.setHeader('Content-Length', body.length);
      if (body.length > 0) response.write(body);
      response.end();
    });
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    const large = 'x'.repeat(300_000);
    client.send(`${get('/ship/', `Content-Length: ${large.length}\r\n`, 'POST')}${large}`);
    const counted = await client.response();
    assert.deepEqual([counted?.values('content-length'), counted?.body === large], [[String(large.length)], true]);
    client.send(`${get('/ship/', 'Transfer-Encoding: chunked\r\n', 'POST')}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`);
    const chunked = await client.response();
    assert.deepEqual([chunked?.values('transfer-encoding'), chunked?.body], [['chunked'], 'abcde']);
    client.send(get('/ship/', 'Content-Length: 0\r\n', 'POST'));
    assert.equal((await client.response())?.complete, true);
  });

  test('trailers arrive both ways', async () => {
    let sent: string | undefined;
    await using service = await serve(async (request, response) => {
      await bodyOf(request);
      sent = request.rawTrailers.join('=');
      response.setHeader('Trailer', 'X-Sum');
      response.write('summed');
      response.addTrailers({ 'X-Sum': '42' });
      response.end();
    });
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    const head = get('/ship/', 'Transfer-Encoding: chunked\r\nTrailer: X-Up\r\n', 'POST');
    client.send(`${head}1\r\na\r\n0\r\nX-Up: 1\r\n\r\n`);
    const answer = await client.response();
    assert.deepEqual([answer?.body, answer?.trailers.join('=').toLowerCase()], ['summed', 'x-sum=42']);
    assert.equal(sent?.toLowerCase(), 'x-up=1');
  });

  test('a whole body arrives at the pace of its receiver', async () => {
    const size = 32 * 1_048_576;
    let written = 0;
    await using service = await serve((_request, response) => {
      const block = Buffer.alloc(65_536, 'x');
      const more = (): void => {
        for (let taken = true; taken && written < size; written += block.length) taken = response.write(block);
        if (written >= size) response.end();
      };
      response.on('drain', more);
      more();
    });
    await using engine = await startEngine(createEngine, [service]);
    const client = connect({ host: '127.0.0.1', port: engine.port });
    client.pause();
    client.write(get('/ship/', 'Connection: close\r\n'));
    let before = -1;
    await waitUntil('the service waits', () => {
      const still = written > 0 && written === before;
      before = written;
      return still;
    });
    assert.ok(written < size, `all ${written} bytes wait for the client`);
    let received = 0;
    for await (const bytes of client) received += (bytes as Buffer).length;
    assert.ok(received > size, `only ${received} of ${size} bytes arrived`);
    assert.equal(engine.records[0]?.ending, 'complete');
  });

  test('interim answers arrive, and 100 (Continue) lets the body come', async () => {
    await using service = await serve(async (request, response) => {
      if (request.url === '/ship/hint') response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      await bodyOf(request);
      response.end('done');
    });
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    client.send(get('/ship/hint'));
    assert.deepEqual((await client.response())?.values('link'), ['</a.css>; rel=preload']);
    assert.equal((await client.response())?.body, 'done');
    client.send(get('/ship/', 'Content-Length: 5\r\nExpect: 100-continue\r\n', 'POST'));
    assert.equal((await client.response())?.status, 100);
    client.send('hello');
    assert.equal((await client.response())?.body, 'done');
  });

  test('many requests at once are each answered, including calls of the gateway itself', async () => {
    await using service = await serve((request, response) => {
      response.setHeader('Content-Type', 'application/json');
      setImmediate(() => response.end(JSON.stringify(request.url)));
    });
    await using engine = await startEngine(createEngine, [service]);
    const targets = Array.from({ length: 30 }, (_, at) => `/ship/${at}`);
    const bodies = await Promise.all(
      targets.map(async (target) => {
        const client = await engine.connect();
        client.send(get(target));
        return (await client.response())?.body;
      }),
    );
    assert.deepEqual(
      bodies,
      targets.map((target) => JSON.stringify(target)),
    );
    const client = await engine.connect();
    client.send(get('/both'));
    assert.equal((await client.response())?.body, '{"a":"/a","b":"/b"}');
  });
}
