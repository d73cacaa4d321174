import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { rawUpstream } from '../../raw-upstream.ts';
import { get, ok, startEngine } from './engine-harness.ts';

/** Informational answers, and clients that ask before they send. */
export function interimTests(createEngine: CreateEngine): void {
  test('103 and 102 reach the client with their fields, before the answer and more than once', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n');
      await go.promise;
      connection.send(ok('done'));
    });
    const go = Promise.withResolvers<void>();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    const hints = await client.response();
    assert.deepEqual([hints?.status, hints?.values('link')], [103, ['</a.css>; rel=preload']]);
    assert.equal((await client.response())?.status, 102);
    go.resolve();
    assert.equal((await client.response())?.body, 'done');
  });

  test('an HTTP/1.0 client gets no informational answers', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok('done')}`);
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send('GET /ship/ HTTP/1.0\r\nHost: h\r\n\r\n');
    assert.equal((await client.response())?.status, 200);
  });

  test('a client that expects 100-continue gets the final answer when the upstream wants no body', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send(`HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno`);
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'Content-Length: 5\r\nExpect: 100-continue\r\n', 'POST'));
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.body], [403, 'no']);
    assert.match(answer?.values('connection').join() ?? '', /close/);
    assert.equal(await client.ended(), 'ended');
    assert.doesNotMatch(upstream.connections[0]?.received.toString() ?? '', /hello/);
  });

  test('an upstream that is slow to send 100 has the time of a first byte, and the client is not blamed', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/timed', 'Content-Length: 5\r\nExpect: 100-continue\r\n', 'POST'));
    await waitUntil('the upstream has the head', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    assert.match(upstream.connections[0]?.received.toString() ?? '', /\r\nExpect: 100-continue\r\n/i);
    await engine.clock.advanceAsync(1_500);
    upstream.connections[0]?.send('HTTP/1.1 100 Continue\r\n\r\n');
    assert.equal((await client.response())?.status, 100);
    client.send('hello');
    await waitUntil('the body is there', () => upstream.connections[0]?.received.includes('hello') === true);
    await engine.clock.advanceAsync(2_500);
    assert.equal((await client.response())?.status, 504);
  });

  test('an upstream that never sends 100 is a 504', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/timed', 'Content-Length: 5\r\nExpect: 100-continue\r\n', 'POST'));
    await waitUntil('the upstream has the head', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    await engine.clock.advanceAsync(2_500);
    assert.equal((await client.response())?.status, 504);
  });

  test('a body sent without waiting for 100 arrives once', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      const request = await connection.request();
      connection.send(`HTTP/1.1 100 Continue\r\n\r\n${ok(request?.body.toString() ?? '')}`);
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(`${get('/ship/', 'Content-Length: 5\r\nExpect: 100-continue\r\n', 'POST')}hello`);
    assert.equal((await client.response())?.status, 100);
    assert.equal((await client.response())?.body, 'hello');
  });
}
