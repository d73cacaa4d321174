import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine, GatewayConfig } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import type { FakeConnection } from '../../fake-connection.ts';
import { rawUpstream } from '../../raw-upstream.ts';
import { get, ok, peerGone, startEngine } from './engine-harness.ts';
import { socketServer } from './flow.ts';
import { loopTurn } from './pieces.ts';

const post = `${get('/ship/', 'Content-Length: 5\r\n', 'POST')}hello`;
const chunked = `${get('/ship/', 'Transfer-Encoding: chunked\r\n', 'POST')}5\r\nhello\r\n0\r\n\r\n`;
/** What is sent before the client ends its side, and the statuses it then gets. */
const askedBefore: readonly (readonly [string, string, readonly number[]])[] = [
  ['a request', get('/ship/'), [200]],
  ['a request with a body of a length', post, [200]],
  ['a request with a body in chunks', chunked, [200]],
  ['a request of an aggregate', get('/both'), [200]],
  ['a request that the gateway answers itself', get('/health'), [200]],
  ['a request that it refuses', get('/nothing'), [404]],
  ['three requests at once', post + get('/nothing') + get('/both'), [200, 404, 200]],
  ['a request and the beginning of another', `${get('/ship/')}GET /ship/ HT`, [200]],
];
/** Nothing but the client's leaving ends an exchange. */
const timeouts = { firstByteMs: 3_600_000, progressMs: 3_600_000 };
const patient: Partial<GatewayConfig> = {
  routes: [
    { kind: 'proxy', match: '/ship/', service: 'ship', timeouts },
    { kind: 'proxy', match: '/flow/', service: 'ship', timeouts, readBodyFirst: false },
  ],
};

/** Answers each request after what else was sent at the same time has surely been read. */
async function answerLater(connection: FakeConnection): Promise<void> {
  for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
    for (let turn = 0; turn < 20; turn++) await loopTurn();
    connection.send('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}');
  }
  connection.end();
}

/** Clients that end their side of the connection and wait for their answers (RFC 9112, 9.6), and upstreams that do the like. */
export function halfCloseTests(createEngine: CreateEngine): void {
  for (const [what, bytes, statuses] of askedBefore) {
    test(`a client that closes its side after ${what} gets everything it asked for`, async () => {
      await using upstream = await rawUpstream(answerLater);
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(bytes);
      client.end();
      const answers = [];
      for (const status of statuses) {
        const answer = await client.response();
        assert.deepEqual([answer?.status, answer?.complete], [status, true]);
        answers.push(answer);
      }
      assert.equal(await client.ended(), 'ended');
      assert.equal(client.rest, '');
      for (const { ending } of engine.records) assert.equal(ending, 'complete');
    });
  }

  test('a client that closed its side before the answer begins learns that it is the last', async () => {
    await using upstream = await rawUpstream(answerLater);
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    client.end();
    assert.match((await client.response())?.values('connection').join() ?? '', /close/);
  });

  test('a client that closes its side within its request has left', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream], patient);
    const client = await engine.connect();
    client.send(`${get('/flow/', 'Content-Length: 10\r\n', 'POST')}half`);
    await waitUntil('it is in progress', () => upstream.connections[0]?.received.includes('half') === true);
    client.end();
    await peerGone(upstream);
    assert.equal((await engine.finished(1))[0]?.['ending'], 'client-gone');
  });

  test('a client that closed its side and then leaves is noticed while its upstream is silent', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream], patient);
    const client = await engine.connect();
    client.send(get('/ship/'));
    await waitUntil('it is in progress', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    client.end();
    for (let turn = 0; turn < 20; turn++) await loopTurn();
    assert.equal(upstream.connections[0]?.peerEnded, false);
    client.reset();
    await waitUntil('it is noticed', () => {
      engine.clock.advance(1_000);
      return engine.records.length === 1;
    });
    assert.equal(engine.records[0]?.ending, 'client-gone');
    await peerGone(upstream);
  });

  test('a client that closed its side and then leaves is noticed by what is sent to it', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    });
    await using engine = await startEngine(createEngine, [upstream], patient);
    const client = await engine.connect();
    client.send(get('/ship/'));
    client.end();
    await waitUntil('the answer has begun', () => client.rest !== '');
    // Closed, not reset: only an answer to bytes tells the system so.
    client[Symbol.dispose]();
    await waitUntil('it is noticed', () => {
      upstream.connections[0]?.send('1\r\na\r\n');
      return engine.records.length === 1;
    });
    assert.equal(engine.records[0]?.ending, 'client-gone');
    await peerGone(upstream);
  });

  test('an upstream that closes its side right after its answer has answered, and gets no further request', async () => {
    for (const body of ['short', 'long'.repeat(50_000)]) {
      await using upstream = await rawUpstream(async (connection) => {
        await connection.receive('\r\n\r\n');
        connection.send(ok(body));
        connection.end();
      });
      await using engine = await startEngine(createEngine, [upstream], patient);
      const client = await engine.connect();
      for (const _round of [1, 2]) {
        client.send(get('/ship/'));
        const answer = await client.response();
        assert.deepEqual([answer?.status, answer?.body === body], [200, true]);
        await waitUntil('the connection is left', () => engine.metrics().includes('gateway_upstream_connections 0'));
      }
      // Also while the request is still on its way.
      client.send(`${get('/flow/', 'Content-Length: 1000000\r\n', 'POST')}${'x'.repeat(1_000)}`);
      const early = await client.response();
      assert.deepEqual([early?.status, early?.body === body], [200, true]);
      await client.ended();
      for (const { ending } of engine.records) assert.equal(ending, 'complete');
      assert.equal(upstream.connections.length, 3);
    }
  });

  test('an answer that comes before the upstream closes without having read the request reaches the client', async () => {
    await using upstream = await socketServer((socket) => {
      socket.once('data', () => {
        socket.pause();
        // Closing with bytes unread resets the connection, right behind the answer.
        socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\n\r\nlarge', () => socket.destroy());
      });
    });
    await using engine = await startEngine(createEngine, [upstream], patient);
    for (let round = 0; round < 10; round++) {
      const client = await engine.connect();
      client.send(`${get('/ship/', 'Content-Length: 3000000\r\n', 'POST')}`);
      client.send(Buffer.alloc(3_000_000));
      const answer = await client.response();
      assert.deepEqual([answer?.status, answer?.body], [413, 'large']);
      client[Symbol.dispose]();
    }
  });
}
