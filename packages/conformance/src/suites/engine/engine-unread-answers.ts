import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, peerGone, startEngine } from './engine-harness.ts';
import { plainConnection, socketServer } from './flow.ts';
import { loopTurn } from './pieces.ts';

/** What the system's buffers of two connections take at most on common settings, with room for the engine's. */
const mostOnTheWay = 24 * 1024 ** 2;
const interim = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n';

/** Bytes of every kind that a client asks for and does not read. */
export function unreadAnswerTests(createEngine: CreateEngine): void {
  test('endless interim answers are a 502, and their upstream is left', async () => {
    let sentBytes = 0;
    await using upstream = await socketServer((socket) => {
      const block = Buffer.from(interim.repeat(200));
      const more = (): void => {
        while (!socket.destroyed && socket.write(block)) sentBytes += block.length;
      };
      socket.on('drain', more);
      socket.once('data', more);
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    const statuses: number[] = [];
    for (let last = 0; last < 200; statuses.push(last)) last = (await client.response())?.status ?? 502;
    assert.equal(statuses.pop(), 502);
    assert.ok(statuses.length > 50 && statuses.every((status) => status === 103));
    assert.ok(sentBytes < mostOnTheWay);
    const [line] = await engine.finished(1);
    assert.match(String(line?.['error'] ?? JSON.stringify(line)), /interim-heads-too-large/);
  });

  test('a client that reads no answers may send no further requests, and gets everything when it reads again', async () => {
    const size = 12_000;
    // Half as much again as may be on the way.
    const all = 3_000;
    await using upstream = await rawUpstream(answerEach(ok('x'.repeat(size))));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await plainConnection(engine.port);
    client.pause();
    const block = Buffer.from(get('/ship/').repeat(500));
    let asked = 0;
    const more = (): void => {
      for (let taken = true; taken && asked < all; asked += 500) taken = client.write(block);
    };
    client.on('drain', more);
    more();
    const answered = await answersUntilQuiet(engine);
    assert.ok(answered > 0 && answered * size < mostOnTheWay, `${answered} answers wait for the client`);
    let received = 0;
    client.on('data', (bytes: Buffer) => (received += bytes.length));
    client.resume();
    await waitUntil('all are asked', () => asked >= all, 120_000);
    // Having asked for all, it may end its side.
    client.end();
    await waitUntil('all are answered', () => engine.records.length === asked && received > asked * size, 120_000);
    client.destroy();
  });

  test("the same goes for a client that does not read the gateway's own answers, and it is disconnected in the end", async () => {
    await using engine = await startEngine(createEngine, [], { timeouts: { keepAliveIdleMs: 5_000 } });
    const client = await plainConnection(engine.port);
    client.pause();
    const block = Buffer.from(get('*', '', 'OPTIONS').repeat(500));
    const most = 400_000;
    let asked = 0;
    const more = (): void => {
      for (let taken = true; taken && asked < most; asked += 500) taken = client.write(block);
    };
    client.on('drain', more);
    more();
    const answered = await answersUntilQuiet(engine);
    assert.ok(answered > 0 && answered < most / 2, `${answered} answers wait for the client`);
    const closed = new Promise((resolve) => client.once('close', resolve));
    await engine.clock.advanceAsync(12_000);
    client.resume();
    await closed;
  });

  test('an answer whose first chunks are bad is a 502, whatever came with them', async () => {
    for (const bytes of [
      'zz\r\n',
      '2\r\nok\r\nzz\r\n',
      `${'1\r\nx\r\n'.repeat(2_000)}zz\r\n`,
      '2\r\nok\r\n0\r\nX : 1\r\n\r\n',
    ]) {
      await using upstream = await rawUpstream(
        answerEach(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${bytes}`),
      );
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/'));
      const answer = await client.response();
      assert.deepEqual([answer?.status, answer?.complete], [502, true], bytes.slice(0, 20));
      await peerGone(upstream);
      client.send(get('/nothing'));
      assert.equal((await client.response())?.status, 404);
    }
  });
}

/** How many requests have been answered once nothing more happens for a while. */
async function answersUntilQuiet(engine: { readonly records: readonly unknown[] }): Promise<number> {
  let answered = 0;
  for (let quiet = 0; quiet < 300; quiet++) {
    if (engine.records.length !== answered) quiet = 0;
    answered = engine.records.length;
    await loopTurn();
  }
  return answered;
}
