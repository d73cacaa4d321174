import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, peerGone, startEngine } from './engine-harness.ts';
import { webSocketOffer, webSocketSwitch } from './web-socket.ts';

/** Switching to the WebSocket protocol, and everything that must not switch. */
export function upgradeTests(createEngine: CreateEngine): void {
  test('after 101, bytes pass both ways, including those sent ahead, and either end may finish first', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send(`${webSocketSwitch}first`);
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(`${get('/ship/ws', webSocketOffer)}ahead`);
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.values('upgrade')], [101, ['websocket']]);
    await waitUntil('both have what was sent ahead', () => client.rest === 'first');
    const [connection] = upstream.connections;
    await waitUntil('the upstream has it', () => connection?.received.toString().endsWith('\r\n\r\nahead') === true);
    client.send('ping\0\xff');
    await waitUntil('the upstream has more', () => connection?.received.includes('ping\0') === true);
    client.end();
    await waitUntil('the end is passed on', () => connection?.peerEnded === true);
    connection?.send(' and last');
    await waitUntil('the other half still speaks', () => client.rest === 'first and last');
    connection?.end();
    assert.equal(await client.ended(), 'ended');
    const [line] = await engine.finished(1);
    assert.equal(line?.['status'], 101);
    assert.deepEqual([engine.records[0]?.requestBytes, engine.records[0]?.responseBytes], [12, 14]);
  });

  test('a tunnel is closed when nothing has passed for its idle time, counted from the last byte', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send(webSocketSwitch);
    });
    await using engine = await startEngine(createEngine, [upstream], { timeouts: { tunnelIdleMs: 10_000 } });
    const client = await engine.connect();
    client.send(get('/ship/ws', webSocketOffer));
    assert.equal((await client.response())?.status, 101);
    await engine.clock.advanceAsync(8_000);
    client.send('still here');
    await waitUntil('it passed', () => upstream.connections[0]?.received.includes('still here') === true);
    await engine.clock.advanceAsync(9_000);
    assert.equal(client.closed, false);
    await engine.clock.advanceAsync(1_200);
    await client.ended();
    await peerGone(upstream);
    assert.equal((await engine.finished(1))[0]?.['ending'], 'idle');
  });

  test('a client that leaves a tunnel closes it, and so does an upstream', async () => {
    for (const who of ['client', 'upstream'] as const) {
      await using upstream = await rawUpstream(async (connection) => {
        await connection.receive('\r\n\r\n');
        connection.send(webSocketSwitch);
      });
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/ws', webSocketOffer));
      await client.response();
      if (who === 'client') client.reset();
      else upstream.connections[0]?.reset();
      await peerGone(upstream);
      await client.ended();
      assert.equal((await engine.finished(1)).length, 1);
    }
  });

  test('a handshake with a length of zero opens a WebSocket, and the upstream does not see the length', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send(webSocketSwitch.replace('\r\n\r\n', '\r\nContent-Length: 0\r\n\r\n'));
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(`${get('/ship/ws', `${webSocketOffer}Content-Length: 0\r\n`)}ahead`);
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.values('content-length')], [101, []]);
    const [connection] = upstream.connections;
    await waitUntil('bytes pass', () => connection?.received.toString().endsWith('\r\n\r\nahead') === true);
    assert.doesNotMatch(connection?.received.toString() ?? '', /content-length/i);
    connection?.send('pong');
    await waitUntil('and back', () => client.rest === 'pong');
  });

  test('a handshake with a length of zero that is declined is a plain request, and the next one follows', async () => {
    await using upstream = await rawUpstream(answerEach(ok('plain')));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    for (let count = 0; count < 2; count++) {
      client.send(get('/ship/', `${webSocketOffer}Content-Length: 0\r\n`));
      assert.equal((await client.response())?.body, 'plain');
    }
    assert.equal(upstream.connections.length, 1);
  });

  const offers: readonly (readonly [what: string, fields: string, method?: string, body?: string])[] = [
    ['h2c', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'],
    ['another protocol', 'Connection: Upgrade\r\nUpgrade: chat/1\r\n'],
    ['websocket beside another', webSocketOffer.replace('Upgrade: websocket', 'Upgrade: websocket, h2c')],
    ['websocket without Connection', webSocketOffer.replace('Connection: Upgrade\r\n', '')],
    ['websocket without key', webSocketOffer.replace(/Sec-WebSocket-Key: .*\r\n/, '')],
    ['websocket with an invalid key', webSocketOffer.replace('dGhlIHNhbXBsZSBub25jZQ==', 'x')],
    ['websocket of another version', webSocketOffer.replace('Version: 13', 'Version: 777')],
    ['websocket by POST', `${webSocketOffer}Content-Length: 2\r\n`, 'POST', 'hi'],
    ['websocket with a body', `${webSocketOffer}Content-Length: 2\r\n`, 'GET', 'hi'],
  ];
  for (const [what, fields, method = 'GET', body = ''] of offers) {
    test(`an offer of ${what} is not forwarded, and a 101 is then a 502`, async () => {
      await using upstream = await rawUpstream(answerEach(webSocketSwitch));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/', fields, method) + body);
      assert.equal((await client.response())?.status, 502);
      assert.doesNotMatch(upstream.connections[0]?.received.toString() ?? '', /\r\n(?:upgrade|connection):/i);
      await peerGone(upstream);
    });
  }

  test('a 101 that does not prove that the handshake was read is a 502', async () => {
    for (const bad of [
      webSocketSwitch.replace(/Sec-WebSocket-Accept: .*\r\n/, ''),
      webSocketSwitch.replace('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='),
      webSocketSwitch.replace('Upgrade: websocket', 'Upgrade: h2c'),
    ]) {
      await using upstream = await rawUpstream(answerEach(`${bad}junk`));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/', webSocketOffer));
      assert.equal((await client.response())?.status, 502);
      await peerGone(upstream);
    }
  });

  test('an upstream that declines the switch answers as always, and its connection is reused', async () => {
    await using upstream = await rawUpstream(answerEach(ok('plain')));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    for (let count = 0; count < 2; count++) {
      client.send(get('/ship/', webSocketOffer));
      assert.equal((await client.response())?.body, 'plain');
    }
    assert.equal(upstream.connections.length, 1);
  });
}
