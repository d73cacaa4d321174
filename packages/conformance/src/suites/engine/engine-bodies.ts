import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine, GatewayConfig } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { collectGarbage } from '../../collect-garbage.ts';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, startEngine } from './engine-harness.ts';
import { plainConnection, Source, socketServer, stalled } from './flow.ts';
import { loopTurn, sendInPieces } from './pieces.ts';

const tenGigabytes = 10 * 1024 ** 3;
/** What the system's buffers of two connections take at most on common settings, with room for the engine's. */
const mostOnTheWay = 24 * 1024 ** 2;
const streaming: Partial<GatewayConfig> = {
  routes: [
    {
      kind: 'proxy',
      match: '/ship/',
      service: 'ship',
      bodyLimitBytes: 0,
      timeouts: { totalMs: 0, progressMs: 3_600_000 },
    },
  ],
};

/** Bodies of every size and shape, each at the pace of its receiver. */
export function bodyTests(createEngine: CreateEngine): void {
  test('a client that does not read makes its upstream stop, and everything arrives when it reads again', async () => {
    let source: Source | undefined;
    await using upstream = await socketServer((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${tenGigabytes}\r\n\r\n`);
        source = new Source(socket);
      });
    });
    await using engine = await startEngine(createEngine, [upstream], streaming);
    const client = await plainConnection(engine.port);
    client.pause();
    client.write(get('/ship/'));
    await waitUntil('the answer has begun', () => source !== undefined);
    if (source === undefined) return;
    await stalled(source);
    const first = source.takenBytes;
    assert.ok(first < mostOnTheWay, `${first} bytes are on the way`);
    // It goes on from where it stopped, and memory stays where it is: what is on the way is bounded all the time.
    let read = 0;
    let most = 0;
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    client.on('data', (chunk: Buffer) => {
      read += chunk.length;
      most = Math.max(most, (source?.takenBytes ?? 0) - read);
    });
    client.resume();
    await waitUntil('much has passed', () => read > 256 * 1024 ** 2);
    assert.ok(most < mostOnTheWay, `${most} bytes were on the way`);
    collectGarbage();
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 ** 2);
    client.destroy();
    const [line] = await engine.finished(1);
    assert.equal(line?.['status'], 499);
  });

  test('large answers to many clients at a time arrive unchanged, however each client reads', async () => {
    const chunkOf = (at: number): string => `answer ${at};`.repeat(9_000);
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        const at = Number(request.target.slice(6));
        const part = chunkOf(at);
        const chunked = at % 2 === 0;
        const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${part.length * 10}`;
        connection.send(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n`);
        for (let count = 0; count < 10; count++) {
          connection.send(chunked ? `${part.length.toString(16)}\r\n${part}\r\n` : part);
        }
        if (chunked) connection.send('0\r\n\r\n');
      }
    });
    await using engine = await startEngine(createEngine, [upstream]);
    await Promise.all(
      Array.from({ length: 24 }, async (_, at) => {
        const client = await engine.connect();
        for (let round = 0; round < 2; round++) {
          client.send(get(`/ship/${at}`));
          for (let turn = 0; turn < 20 * (at % 4); turn++) {
            if (turn % 2 === 0) client.stall();
            else client.resume();
            await loopTurn();
          }
          client.resume();
          const answer = await client.response();
          assert.equal(answer?.complete, true);
          assert.ok(answer.body === chunkOf(at).repeat(10), `answer ${at} is another`);
        }
      }),
    );
  });

  test('an upstream that does not read makes its client stop, and everything arrives when it reads again', async () => {
    let received = 0;
    let resume = (): void => undefined;
    await using upstream = await socketServer((socket) => {
      socket.once('data', () => {
        socket.pause();
        resume = () => void socket.resume();
      });
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
    });
    await using engine = await startEngine(createEngine, [upstream], streaming);
    for (const framing of [`Content-Length: ${tenGigabytes}`, 'Transfer-Encoding: chunked']) {
      received = 0;
      const client = await plainConnection(engine.port);
      client.write(`${get('/ship/', `${framing}\r\n`, 'POST')}${framing.startsWith('T') ? '280000000\r\n' : ''}`);
      const source = new Source(client);
      await stalled(source);
      const { takenBytes } = source;
      assert.ok(takenBytes < mostOnTheWay, `${takenBytes} bytes are on the way`);
      resume();
      await waitUntil('much has passed', () => received > 64 * 1024 ** 2);
      client.destroy();
    }
    assert.equal((await engine.finished(2)).length, 2);
  });

  test('trailers are relayed both ways, and left out for an HTTP/1.0 client', async () => {
    await using upstream = await rawUpstream(
      answerEach(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\nX-B: a b\r\n\r\n',
      ),
    );
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(`${get('/ship/', 'Transfer-Encoding: chunked\r\n', 'POST')}2\r\nhi\r\n0\r\nX-Up: 1\r\nX-C:\r\n\r\n`);
    const answer = await client.response();
    assert.deepEqual([answer?.body, answer?.trailers], ['hi', ['X-Sum', '7', 'X-B', 'a b']]);
    assert.match(upstream.connections[0]?.received.toString() ?? '', /\r\n0\r\nX-Up: 1\r\nX-C: \r\n\r\n$/);
    const old = await engine.connect();
    old.send('GET /ship/ HTTP/1.0\r\nHost: h\r\n\r\n');
    assert.equal((await old.response())?.body, 'hi');
  });

  test('chunks of one byte and an empty body arrive unchanged, both ways', async () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz'.repeat(4);
    const chunks = [...letters].map((letter) => `1\r\n${letter}\r\n`).join('');
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        const content = request.body.toString().replaceAll(/[0-9a-f]+\r\n|\r\n/g, '');
        connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        await sendInPieces(
          (piece) => connection.send(piece),
          [...Buffer.from(content ? chunks : '')].map((byte) => Buffer.of(byte)),
        );
        connection.send('0\r\n\r\n');
      }
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'Transfer-Encoding: chunked\r\n', 'POST'));
    // No letter that is a hexadecimal digit, so that the framing can be taken out again above.
    await sendInPieces(
      (piece) => client.send(piece),
      [...Buffer.from('1\r\nx\r\n1\r\ny\r\n0\r\n\r\n')].map((byte) => Buffer.of(byte)),
    );
    assert.equal((await client.response())?.body, letters);
    for (const framing of ['Content-Length: 0\r\n', 'Transfer-Encoding: chunked\r\n']) {
      client.send(get('/ship/', framing, 'POST') + (framing.startsWith('T') ? '0\r\n\r\n' : ''));
      const answer = await client.response();
      assert.deepEqual([answer?.status, answer?.body, answer?.complete], [200, '', true]);
    }
    assert.equal(upstream.connections.length, 1);
  });

  test('an answer that comes before the body has been sent is forwarded, and the connection then closed', async () => {
    for (const large of [false, true]) {
      const body = large ? 'n'.repeat(100_000) : 'no';
      await using upstream = await rawUpstream(async (connection) => {
        await connection.receive('\r\n\r\n');
        connection.send(`HTTP/1.1 413 Content Too Large\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
        connection.end();
      });
      await using engine = await startEngine(createEngine, [upstream], streaming);
      const client = await engine.connect();
      client.send(`${get('/ship/', `Content-Length: ${tenGigabytes}\r\n`, 'POST')}${'x'.repeat(500_000)}`);
      const answer = await client.response();
      assert.deepEqual([answer?.status, answer?.body, answer?.complete], [413, body, true]);
      assert.match(answer?.values('connection').join() ?? '', /close/);
      await client.ended();
      await waitUntil(
        'the upstream is left',
        () => upstream.connections[0]?.isClosed === true || upstream.connections[0]?.peerEnded === true,
      );
    }
  });

  test('a client whose body was answered before the upstream had read it may ask again', async () => {
    let resume = (): void => undefined;
    await using upstream = await socketServer((socket) => {
      socket.once('data', () => {
        socket.pause();
        socket.write(ok('early'));
        resume = () => void socket.resume();
      });
    });
    await using engine = await startEngine(createEngine, [upstream], streaming);
    const client = await engine.connect();
    const body = 'x'.repeat(8 * 1024 ** 2);
    client.send(`${get('/ship/', `Content-Length: ${body.length}\r\n`, 'POST')}${body}`);
    const answer = await client.response();
    assert.equal(answer?.body, 'early');
    resume();
    if (/close/.test(answer.values('connection').join())) return assert.equal(await client.ended(), 'ended');
    client.send(get('/ship/'));
    assert.equal((await client.response())?.body, 'early');
  });

  test('an answer to HEAD, and a 204 or 304, take no body from the connection, whatever they say', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        if (request.method === 'HEAD') connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        else
          connection.send(
            `HTTP/1.1 ${request.target.slice(-3)} X\r\n${request.target.endsWith('304') ? 'Content-Length: 9\r\n' : ''}\r\n`,
          );
      }
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', '', 'HEAD') + get('/ship/304') + get('/ship/204'));
    const head = await client.response({ toHead: true });
    assert.equal(head?.status, 200);
    const notModified = await client.response();
    assert.deepEqual([notModified?.status, notModified?.values('content-length')], [304, ['9']]);
    const noContent = await client.response();
    assert.deepEqual(
      [noContent?.status, noContent?.values('content-length'), noContent?.values('transfer-encoding')],
      [204, [], []],
    );
    assert.equal(client.rest, '');
  });
}
