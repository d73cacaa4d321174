import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, peerGone, startEngine } from './engine-harness.ts';

const kib64 = 'x'.repeat(65_536);

/** Bodies that take their time take nothing from anybody. */
export function slowBodyTests(createEngine: CreateEngine): void {
  for (const [what, fields, first, rest] of [
    ['with a length', 'Content-Length: 10\r\n', 'hello', 'world'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n', '5\r\nworld\r\n0\r\n\r\n'],
  ] as const) {
    test(`a small body ${what} is read completely before an instance is called`, async () => {
      await using upstream = await rawUpstream(answerEach(ok('hi')));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/', fields, 'POST') + first);
      // Answered after what came before it on the other connection was read.
      const other = await engine.connect();
      other.send(get('/health'));
      await other.response();
      assert.equal(upstream.connections.length, 0);
      client.send(rest);
      assert.equal((await client.response())?.body, 'hi');
      assert.match(upstream.connections[0]?.received.toString() ?? '', /hello[^]*world/);
      client.send(get('/ship/again'));
      assert.equal((await client.response())?.body, 'hi');
    });

    test(`a body ${what} that comes byte by byte is a 408 after the grace period, and no instance sees it`, async () => {
      await using upstream = await rawUpstream();
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/', fields.replace('10', '1000'), 'POST'));
      for (let second = 0; second < 11; second += 1) {
        client.send(what === 'in chunks' ? '1\r\nx\r\n' : 'x');
        await engine.clock.advanceAsync(1_000);
      }
      const answer = await client.response();
      assert.equal(answer?.status, 408);
      assert.match(answer.body, /at least 240 bytes per second/);
      assert.equal(upstream.connections.length, 0);
      assert.match(engine.metrics(), /gateway_rejections_total\{code="REQUEST_TIMEOUT"\} 1/);
    });
  }

  test('a body that takes longer than its route allows is a 408, and no instance sees it', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream], {
      routes: [{ kind: 'proxy', match: '/ship/', service: 'ship', timeouts: { totalMs: 5_000 } }],
    });
    const client = await engine.connect();
    client.send(get('/ship/', 'Content-Length: 100000\r\n', 'POST'));
    for (let second = 0; second < 6; second += 1) {
      client.send('x'.repeat(1_000));
      await engine.clock.advanceAsync(1_000);
    }
    const answer = await client.response();
    assert.equal(answer?.status, 408);
    assert.match(answer.body, /totalMs/);
    assert.equal(upstream.connections.length, 0);
  });

  test('the beginning of a large body is read first; the rest passes through at the minimum rate or faster', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(`${get('/ship/', 'Content-Length: 1000000\r\n', 'POST')}${kib64}`);
    await waitUntil('it has begun', () => upstream.connections[0]?.received.includes(kib64) === true);
    let sent = 65_536;
    // At the least rate it may go on.
    for (let second = 0; second < 60; second += 1) {
      client.send('y'.repeat(300));
      sent += 300;
      await waitUntil('it is passed on', () => (upstream.connections[0]?.received.length ?? 0) >= sent);
      await engine.clock.advanceAsync(1_000);
    }
    assert.equal(client.closed, false);
    for (let second = 0; second < 40 && !client.rest.includes('408'); second += 1) {
      client.send('z');
      await engine.clock.advanceAsync(1_000);
    }
    assert.equal((await client.response())?.status, 408);
    await peerGone(upstream);
    assert.match(engine.metrics(), /gateway_upstreams\{service="ship",state="available"\} 1/);
  });

  test('the question whether a body may come at all is asked at once', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send('HTTP/1.1 100 Continue\r\n\r\n');
      await connection.receive('hello');
      connection.send(ok('hi'));
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'Content-Length: 5\r\nExpect: 100-continue\r\n', 'POST'));
    assert.equal((await client.response())?.status, 100);
    client.send('hello');
    assert.equal((await client.response())?.body, 'hi');
  });

  test('a route may have its own minimum rate, and forward each byte as it comes', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(`${get('/flow/', 'Content-Length: 100\r\n', 'POST')}h`);
    await waitUntil('it has begun', () => upstream.connections[0]?.received.toString().endsWith('\r\n\r\nh') === true);
    await engine.clock.advanceAsync(29_000);
    client.send('e');
    await waitUntil('it is passed on', () => upstream.connections[0]?.received.toString().endsWith('he') === true);
    await engine.clock.advanceAsync(29_000);
    assert.equal(client.closed, false);
    await engine.clock.advanceAsync(1_200);
    const answer = await client.response();
    assert.equal(answer?.status, 408);
    assert.match(answer.body, /no data for 30000 ms/);
  });
}
