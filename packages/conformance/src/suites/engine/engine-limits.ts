import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, peerGone, startEngine } from './engine-harness.ts';

/** Every limit, with its answer and its metric. */
export function limitTests(createEngine: CreateEngine): void {
  for (const [what, label, limits, trustedProxies] of [
    ['all clients', 'connections', { connections: 2 }, []],
    ['one client', 'connections_per_client', { connectionsPerClient: 2 }, []],
    [
      'all clients, a trusted proxy among them',
      'connections',
      { connections: 2, connectionsPerClient: 1 },
      ['127.0.0.1'],
    ],
  ] as const) {
    test(`a connection beyond the limit for ${what} is a 503, until one closes`, async () => {
      await using engine = await startEngine(createEngine, [], { limits, trustedProxies });
      const [one, two] = [await engine.connect(), await engine.connect()];
      for (const client of [one, two]) {
        client.send(get('/health'));
        assert.equal((await client.response())?.status, 200);
      }
      const three = await engine.connect();
      const refusal = await three.response();
      assert.deepEqual([refusal?.status, refusal?.values('retry-after').length], [503, 1]);
      const [name] = Object.keys(limits).slice(-1);
      if (trustedProxies.length === 0) assert.match(refusal?.body ?? '', new RegExp(`limit \\\\"${name}\\\\" \\(2\\)`));
      assert.equal((await three.ended()) !== undefined, true);
      assert.match(engine.metrics(), new RegExp(`gateway_refused_connections_total\\{limit="${label}"\\} 1`));
      one.reset();
      await waitUntil('there is room', () => /gateway_client_connections 1\n/.test(engine.metrics()));
      const four = await engine.connect();
      four.send(get('/health'));
      assert.equal((await four.response())?.status, 200);
    });
  }

  const messages: readonly (readonly [code: string, status: number, message: string])[] = [
    ['HEADERS_TOO_LARGE', 431, get('/ship/', `X: ${'x'.repeat(10_000)}\r\n`)],
    ['HEADERS_TOO_LARGE', 431, get('/ship/', 'X: 1\r\n'.repeat(60))],
    ['URI_TOO_LONG', 414, get(`/ship/${'x'.repeat(3_000)}`)],
    ['PAYLOAD_TOO_LARGE', 413, get('/short/', 'Content-Length: 11\r\n', 'POST')],
    [
      'PAYLOAD_TOO_LARGE',
      413,
      `${get('/short/', 'Transfer-Encoding: chunked\r\n', 'POST')}b\r\nhello world\r\n0\r\n\r\n`,
    ],
    ['EXPECTATION_FAILED', 417, get('/ship/', 'Expect: 100-continue, tea\r\n')],
  ];
  for (const [code, status, message] of messages) {
    test(`${code} is a ${status} and is counted; no upstream gets a complete request`, async () => {
      await using upstream = await rawUpstream(answerEach(ok('hi')));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(message);
      assert.equal((await client.response())?.status, status);
      assert.match(engine.metrics(), new RegExp(`gateway_rejections_total\\{code="${code}"\\} 1`));
      assert.equal(upstream.connections.length, 0);
    });
  }

  test('a body over the limit that comes in many pieces is stopped at the limit', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/short/flow/', 'Transfer-Encoding: chunked\r\n', 'POST'));
    client.send('5\r\nhello\r\n');
    await waitUntil('it has begun', () => upstream.connections[0]?.received.includes('hello') === true);
    client.send('6\r\n world\r\n0\r\n\r\n');
    assert.equal((await client.response())?.status, 413);
    await client.ended();
    await peerGone(upstream);
    assert.doesNotMatch(upstream.connections[0]?.received.toString() ?? '', /world/);
  });

  test('an answer with a head over the limit, or too many fields, is a 502', async () => {
    for (const fields of [`X: ${'x'.repeat(10_000)}\r\n`, 'X: 1\r\n'.repeat(60)]) {
      await using upstream = await rawUpstream(answerEach(ok('hi', fields)));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/'));
      assert.equal((await client.response())?.status, 502);
      assert.match(engine.metrics(), /gateway_rejections_total\{code="BAD_GATEWAY"\} 1/);
    }
  });

  test('requests beyond the connections to an upstream wait their turn', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        connection.send(ok(request.target));
      }
    });
    await using engine = await startEngine(createEngine, [upstream], {
      limits: { connectionsPerUpstream: 2, clientShare: 1 },
    });
    const clients = await Promise.all(Array.from({ length: 20 }, () => engine.connect()));
    clients.forEach((client, at) => client.send(get(`/ship/${at}`)));
    for (const [at, client] of clients.entries()) assert.equal((await client.response())?.body, `/ship/${at}`);
    assert.equal(upstream.connections.length, 2);
  });

  test('a request whose turn does not come is a 503 that does not count against the upstream', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream], { limits: { connectionsPerUpstream: 1 } });
    const [busy, waiting] = [await engine.connect(), await engine.connect()];
    busy.send(get('/ship/busy'));
    await waitUntil('it is in progress', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    waiting.send(get('/ship/waiting'));
    await waitUntil('it waits', () => /gateway_upstream_requests_in_flight\{service="ship"\} 2/.test(engine.metrics()));
    await engine.clock.advanceAsync(1_200);
    const answer = await waiting.response();
    assert.deepEqual([answer?.status, answer?.values('retry-after').length], [503, 1]);
    assert.match(answer?.body ?? '', /limit \\"connectionsPerUpstream\\" \(1\) for the service \\"ship\\"/);
    assert.match(engine.metrics(), /gateway_rejections_total\{code="OVERLOADED"\} 1/);
    assert.match(engine.metrics(), /gateway_upstreams\{service="ship",state="available"\} 1/);
    upstream.connections[0]?.send(ok('done'));
    assert.equal((await busy.response())?.body, 'done');
    assert.doesNotMatch(upstream.connections[0]?.received.toString() ?? '', /waiting/);
  });

  test('a request that is abandoned while it waits is never sent', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream], { limits: { connectionsPerUpstream: 1 } });
    const [busy, waiting] = [await engine.connect(), await engine.connect()];
    busy.send(get('/ship/busy'));
    await waitUntil('it is in progress', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    waiting.send(get('/ship/waiting'));
    await waitUntil('it waits', () => /gateway_upstream_requests_in_flight\{service="ship"\} 2/.test(engine.metrics()));
    waiting.reset();
    await engine.finished(1);
    upstream.connections[0]?.send(ok('done'));
    assert.equal((await busy.response())?.body, 'done');
    busy.send(get('/ship/next'));
    await waitUntil('the next is in progress', () => upstream.connections[0]?.received.includes('/ship/next') === true);
    assert.doesNotMatch(upstream.connections[0]?.received.toString() ?? '', /waiting/);
    upstream.connections[0]?.send(ok('next'));
    assert.equal((await busy.response())?.body, 'next');
  });
}
