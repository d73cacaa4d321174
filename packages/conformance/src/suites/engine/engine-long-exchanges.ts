import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import type { RawClient } from '../../raw-client.ts';
import { rawUpstream } from '../../raw-upstream.ts';
import { get, ok, startEngine } from './engine-harness.ts';
import { plainConnection, socketServer } from './flow.ts';
import { loopTurn } from './pieces.ts';

const events = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
/** Longer than every limit by default, in pieces shorter than the longest silence. */
const pieces = 12;
const pieceMs = 25_000;

/** Exchanges that are healthy however long they take, and what is said of those that are ended. */
export function longExchangeTests(createEngine: CreateEngine): void {
  for (const [what, head, piece, end] of [
    ['a stream of events', events, '6\r\ndata\n\n\r\n', '0\r\n\r\n'],
    ['a download of a known length', 'HTTP/1.1 200 OK\r\nContent-Length: 240000\r\n\r\n', 'x'.repeat(20_000), ''],
    ['a short answer that comes byte by byte', `HTTP/1.1 200 OK\r\nContent-Length: ${pieces}\r\n\r\n`, 'x', ''],
  ] as const) {
    test(`${what} may take minutes, and the client gets each part as it comes`, async () => {
      await using upstream = await rawUpstream(async (connection) => {
        await connection.request();
        connection.send(head);
      });
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/'));
      await waitUntil('it is in progress', () => (upstream.connections[0]?.received.length ?? 0) > 0);
      await settled();
      for (let count = 1; count <= pieces; count++) {
        await engine.clock.advanceAsync(pieceMs);
        upstream.connections[0]?.send(piece);
        await waitUntil(`piece ${count} is there`, () => bodyBytes(client) >= count * piece.length);
      }
      upstream.connections[0]?.send(end);
      const answer = await client.response();
      assert.deepEqual([answer?.status, answer?.complete], [200, true]);
      assert.equal((await engine.finished(1))[0]?.['ending'], undefined);
    });
  }

  test('an upload may take minutes', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send(ok('taken'));
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/flow/', `Content-Length: ${pieces}\r\n`, 'POST'));
    for (let count = 1; count <= pieces; count++) {
      await engine.clock.advanceAsync(pieceMs);
      client.send('u');
      await waitUntil(
        `byte ${count} has passed`,
        () => upstream.connections[0]?.received.toString().endsWith(`\r\n\r\n${'u'.repeat(count)}`) === true,
      );
    }
    assert.equal((await client.response())?.body, 'taken');
  });

  test('a part of an aggregate may take as long as the aggregate', async () => {
    await using upstream = await rawUpstream();
    const part = { service: 'ship', target: '/a', need: 'required' } as const;
    await using engine = await startEngine(createEngine, [upstream], {
      routes: [{ kind: 'aggregate', match: '/slow', parameters: {}, deadlineMs: 300_000, parts: { part } }],
    });
    const client = await engine.connect();
    client.send(get('/slow'));
    await waitUntil('it is in progress', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    for (let count = 0; count < 10; count++) await engine.clock.advanceAsync(pieceMs);
    upstream.connections[0]?.send(ok('1').replace('text/plain', 'application/json'));
    assert.equal((await client.response())?.body, '{"part":1}');
  });

  test("the route's own limit is the reason for the end, even when the client was slow", async () => {
    await using upstream = await socketServer((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${64 * 1024 ** 2}\r\n\r\n`);
        socket.write(Buffer.alloc(64 * 1024 ** 2));
      });
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await plainConnection(engine.port);
    client.pause();
    client.write(get('/timed'));
    await waitUntil('the upstream is held up', () => engine.metrics().includes('gateway_upstream_connections 1'));
    for (let turn = 0; turn < 300; turn++) await loopTurn();
    await engine.clock.advanceAsync(10_200);
    const [line] = await engine.finished(1);
    assert.deepEqual([line?.['status'], line?.['ending'], line?.['failure']], [200, 'timed-out', 'timeout: total']);
    assert.match(engine.metrics(), /gateway_upstreams\{service="ship",state="available"\} 1/);
    client.destroy();
  });

  test('when neither side makes progress, the upstream is not blamed', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send(events);
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/flow/', 'Transfer-Encoding: chunked\r\n', 'POST'));
    await waitUntil('the answer has begun', () => client.rest !== '');
    await engine.clock.advanceAsync(30_200);
    await client.ended();
    assert.equal((await engine.finished(1))[0]?.['ending'], 'timed-out');
    assert.match(engine.metrics(), /gateway_upstreams\{service="ship",state="available"\} 1/);
  });
}

/** What has come of the body. */
function bodyBytes(client: RawClient): number {
  const head = client.rest.indexOf('\r\n\r\n');
  return head < 0 ? -1 : client.rest.length - head - 4;
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await loopTurn();
}
