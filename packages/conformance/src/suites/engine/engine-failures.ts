import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, peerGone, startEngine } from './engine-harness.ts';

/** What goes wrong on the upstreams' side, and what becomes of it. */
export function failureTests(createEngine: CreateEngine): void {
  test('a refused connection is retried on another instance, whatever the method', async () => {
    await using dead = await rawUpstream();
    await using alive = await rawUpstream(answerEach(ok('alive')));
    await dead.refuse();
    await using engine = await startEngine(createEngine, [dead, alive]);
    const client = await engine.connect();
    client.send(`${get('/ship/', 'Content-Length: 5\r\n', 'POST')}hello`);
    assert.equal((await client.response())?.body, 'alive');
    const [line] = await engine.finished(1);
    assert.deepEqual([line?.['attempts'], line?.['upstreamId']], [2, 'ship-1']);
  });

  test('without any instance, the answer is 503 with Retry-After', async () => {
    await using engine = await startEngine(createEngine, []);
    const client = await engine.connect();
    client.send(get('/ghost'));
    const response = await client.response();
    assert.equal(response?.status, 503);
    assert.ok(Number(response.values('retry-after')[0]) > 0);
    assert.match(response.body, /"SERVICE_UNAVAILABLE"/);
  });

  test('when all instances refuse, the answer is 503', async () => {
    await using dead = await rawUpstream();
    await dead.refuse();
    await using engine = await startEngine(createEngine, [dead]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    assert.equal((await client.response())?.status, 503);
  });

  test('a GET whose kept connection died is sent again on a new one', async () => {
    await using upstream = await rawUpstream(async (connection, index) => {
      await connection.request();
      connection.send(ok('hi'));
      if (index > 0) return;
      await connection.request();
      connection.reset();
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    for (let count = 0; count < 2; count++) {
      client.send(get('/ship/'));
      assert.equal((await client.response())?.body, 'hi');
    }
  });

  test('a POST that may have been read is never sent twice', async () => {
    await using broken = await rawUpstream(async (connection) => {
      await connection.request();
      connection.reset();
    });
    await using other = await rawUpstream(answerEach(ok('other')));
    await using engine = await startEngine(createEngine, [broken, other]);
    const client = await engine.connect();
    client.send(`${get('/ship/', 'Content-Length: 5\r\n', 'POST')}hello`);
    assert.equal((await client.response())?.status, 502);
    assert.equal(other.connections.length, 0);
  });

  for (const [what, idempotencyKeys, key, status] of [
    ['is sent again if its route says that it may be', true, 'Idempotency-Key: "a"\r\n', 200],
    ['is never sent twice if its route does not say so', false, 'Idempotency-Key: "a"\r\n', 502],
    ['is what it takes: without one, the route alone does not help', true, '', 502],
  ] as const) {
    test(`a POST with an idempotency key ${what}`, async () => {
      await using broken = await rawUpstream(async (connection) => {
        await connection.request();
        connection.reset();
      });
      const seen: string[] = [];
      await using other = await rawUpstream(async (connection) => {
        const request = await connection.request();
        seen.push(`${request?.headers.get('idempotency-key')} ${request?.body}`);
        connection.send(ok('other'));
      });
      await using engine = await startEngine(createEngine, [broken, other], {
        routes: [{ kind: 'proxy', match: '/ship/', service: 'ship', idempotencyKeys }],
      });
      const client = await engine.connect();
      client.send(`${get('/ship/', `${key}Content-Length: 5\r\n`, 'POST')}hello`);
      assert.equal((await client.response())?.status, status);
      assert.deepEqual(seen, status === 200 ? ['"a" hello'] : []);
    });
  }

  for (const part of ['', 'HTTP/1.1 200 O', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal']) {
    test(`a GET whose answer broke after ${part.length} bytes gets its whole answer from another instance`, async () => {
      await using broken = await rawUpstream(async (connection) => {
        await connection.request();
        connection.send(part);
        connection.end();
      });
      await using other = await rawUpstream(answerEach(ok('other')));
      await using engine = await startEngine(createEngine, [broken, other]);
      const client = await engine.connect();
      client.send(get('/ship/'));
      const response = await client.response();
      assert.deepEqual([response?.status, response?.body], [200, 'other']);
    });
  }

  test('an answer that breaks after the client has seen part of it is cut so that the client can notice', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n');
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    await waitUntil('the client has the beginning', () => client.rest.includes('hello'));
    upstream.connections[0]?.reset();
    assert.equal((await client.response())?.complete, false);
    const [line] = await engine.finished(1);
    assert.equal(line?.['ending'], 'broken');
  });

  const invalid: readonly (readonly [string, string])[] = [
    ['no HTTP at all', 'SSH-2.0-x\r\n\r\n'],
    ['a bad Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'],
    ['two framings', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'],
    ['an unasked 101', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
    ['a head that is too large', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ];
  for (const [what, answer] of invalid) {
    test(`an upstream that answers ${what} is a 502`, async () => {
      await using upstream = await rawUpstream(answerEach(answer));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/'));
      const response = await client.response();
      assert.deepEqual([response?.status, response?.values('content-type')], [502, ['application/problem+json']]);
    });
  }

  test('an upstream that does not answer in time is a 504, and its connection is closed', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/timed'));
    await waitUntil('the upstream has the request', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    await engine.clock.advanceAsync(2_500);
    const response = await client.response();
    assert.equal(response?.status, 504);
    assert.match(response.body, /GATEWAY_TIMEOUT/);
    await peerGone(upstream);
  });

  test('a client that leaves cancels the upstream request, which does not count against the upstream', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    await waitUntil('the upstream has the request', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    client.reset();
    await peerGone(upstream);
    const [line] = await engine.finished(1);
    assert.deepEqual([line?.['status'], line?.['ending']], [499, 'client-gone']);
    assert.match(engine.metrics(), /gateway_upstreams\{service="ship",state="available"\} 1/);
  });

  test('an instance that left discovery finishes its requests and gets no more', async () => {
    await using leaving = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n');
      await left.promise;
      connection.send('0\r\n\r\n');
    });
    const left = Promise.withResolvers<void>();
    await using staying = await rawUpstream(answerEach(ok('staying')));
    await using engine = await startEngine(createEngine, [leaving, staying]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    await waitUntil('the client has the beginning', () => client.rest.includes('hello'));
    engine.discovery.set('ship', [{ id: 'ship-1', address: staying.address, port: staying.port }]);
    left.resolve();
    assert.equal((await client.response())?.body, 'hello');
    for (let count = 0; count < 3; count++) {
      client.send(get('/ship/'));
      assert.equal((await client.response())?.body, 'staying');
    }
    await peerGone(leaving);
  });

  test('an aggregate joins its parts, tries another instance, and limits what it reads', async () => {
    await using dead = await rawUpstream();
    await dead.refuse();
    let a = '{"n":1.50}';
    await using alive = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        const body = request.target === '/a' ? a : '[2]';
        connection.send(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
      }
    });
    await using engine = await startEngine(createEngine, [dead, alive]);
    const client = await engine.connect();
    client.send(get('/both'));
    const joined = await client.response();
    assert.deepEqual([joined?.status, joined?.body], [200, '{"a":{"n":1.50},"b":[2]}']);
    a = `"${'x'.repeat(200)}"`;
    client.send(get('/both'));
    assert.equal((await client.response())?.status, 502);
  });
}
