import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, peerGone, startEngine } from './engine-harness.ts';

/** What clients do wrong, and how connections end. */
export function clientTests(createEngine: CreateEngine): void {
  const refused: readonly (readonly [what: string, message: string, status: number])[] = [
    [
      'Content-Length with Transfer-Encoding',
      `${get('/ship/', 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', 'POST')}0\r\n\r\n`,
      400,
    ],
    ['two lengths', `${get('/ship/', 'Content-Length: 3\r\nContent-Length: 3\r\n', 'POST')}abc`, 400],
    ['a length with a leading zero', `${get('/ship/', 'Content-Length: 03\r\n', 'POST')}abc`, 400],
    ['a signed length', `${get('/ship/', 'Content-Length: +3\r\n', 'POST')}abc`, 400],
    ['chunked in HTTP/1.0', 'POST /ship/ HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['no Host', 'GET /ship/ HTTP/1.1\r\n\r\n', 400],
    ['two Hosts', get('/ship/', 'Host: other\r\n'), 400],
    ['a Host with a path', 'GET /ship/ HTTP/1.1\r\nHost: a/evil\r\n\r\n', 400],
    ['a Host with a user', 'GET /ship/ HTTP/1.1\r\nHost: u@h\r\n\r\n', 400],
    ['a folded field', get('/ship/', 'X: a\r\n b\r\n'), 400],
    ['a space before the colon', get('/ship/', 'X : a\r\n'), 400],
    ['a NUL in a field', get('/ship/', 'X: a\0b\r\n'), 400],
    ['lines that end in LF alone', 'GET /ship/ HTTP/1.1\nHost: h\n\n', 400],
    ['bytes that are not a request', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
    ['HTTP/2.0', 'GET /ship/ HTTP/2.0\r\nHost: h\r\n\r\n', 505],
    ['a head that is too large', get('/ship/', `X: ${'x'.repeat(20_000)}\r\n`), 431],
    ['too many fields', get('/ship/', 'X: 1\r\n'.repeat(60)), 431],
    ['a target that is too long', get(`/ship/${'x'.repeat(3_000)}`), 414],
  ];
  for (const [what, message, status] of refused) {
    test(`${what} is refused with ${status}, the connection is closed, and no upstream sees it`, async () => {
      await using upstream = await rawUpstream(answerEach(ok('hi')));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(message);
      const response = await client.response();
      assert.equal(response?.status, status);
      assert.match(response.values('connection').join(), /close/i);
      await client.ended();
      assert.equal(client.rest, '');
      assert.equal(upstream.connections.length, 0);
      assert.equal((await engine.finished(1)).length, 1);
    });
  }

  for (const target of [
    '/ship/../x',
    '/ship/%2e%2e/x',
    '/ship//x',
    '/ship/a%2fb',
    '/ship/a\\b',
    '/ship/%00',
    '/ship/%zz',
  ]) {
    test(`the target ${target} is refused, and no upstream sees it`, async () => {
      await using upstream = await rawUpstream(answerEach(ok('hi')));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get(target));
      assert.equal((await client.response())?.status, 400);
      assert.equal(upstream.connections.length, 0);
    });
  }

  for (const method of ['TRACE', 'CONNECT']) {
    test(`${method} is not supported`, async () => {
      await using upstream = await rawUpstream(answerEach(ok('hi')));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(`${method} ${method === 'CONNECT' ? 'h:80' : '/ship/'} HTTP/1.1\r\nHost: h:80\r\n\r\n`);
      assert.equal((await client.response())?.status, 501);
      assert.equal(upstream.connections.length, 0);
    });
  }

  test('the authority of an absolute target replaces Host', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hi')));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('http://real.example/ship/?a=1'));
    assert.equal((await client.response())?.status, 200);
    const sent = upstream.connections[0]?.received.toString() ?? '';
    assert.match(sent, /^GET \/ship\/\?a=1 HTTP\/1\.1\r\n/);
    assert.match(sent, /\r\nHost: real\.example\r\n/i);
    assert.doesNotMatch(sent, /gateway\.example/);
  });

  test('an expectation other than 100-continue is a 417', async () => {
    await using engine = await startEngine(createEngine, []);
    const client = await engine.connect();
    client.send(get('/ship/', 'Expect: tea\r\n'));
    assert.equal((await client.response())?.status, 417);
  });

  test('a body over the limit is a 413, whether its length says so or it turns out while reading', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const told = await engine.connect();
    told.send(get('/short/', 'Content-Length: 11\r\n', 'POST'));
    assert.equal((await told.response())?.status, 413);
    assert.equal(upstream.connections.length, 0);
    const found = await engine.connect();
    found.send(`${get('/short/', 'Transfer-Encoding: chunked\r\n', 'POST')}b\r\nhello world\r\n0\r\n\r\n`);
    assert.equal((await found.response())?.status, 413);
  });

  test('the gateway answers its own errors as problems, and HEAD without a body', async () => {
    await using engine = await startEngine(createEngine, []);
    const client = await engine.connect();
    client.send(get('/nothing', 'Accept-Language: zh\r\nX-Request-Id: r1\r\n'));
    const response = await client.response();
    assert.equal(response?.status, 404);
    assert.deepEqual(response.values('content-type'), ['application/problem+json']);
    assert.match(response.body, /"title":"路径不存在","status":404,"code":"ROUTE_NOT_FOUND"/);
    assert.match(response.body, /"requestId":"r1"/);
    client.send(get('/nothing', '', 'HEAD'));
    assert.equal((await client.response({ toHead: true }))?.status, 404);
    client.send(get('/health'));
    assert.equal((await client.response())?.status, 200);
    const lines = await engine.finished(3);
    assert.deepEqual(
      lines.map((line) => line['status']),
      [404, 404, 200],
    );
  });

  test('draining closes idle connections, finishes what is in progress and refuses new connections', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const idle = await engine.connect();
    idle.send(get('/health'));
    await idle.response();
    const silent = await engine.connect();
    silent.send(get('/health'));
    await silent.response();
    const busy = await engine.connect();
    busy.send(get('/ship/'));
    await waitUntil('the upstream has the request', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    let drained = false;
    const draining = engine.gateway.drain(AbortSignal.timeout(20_000)).then(() => {
      drained = true;
    });
    await assert.rejects(engine.connect(), { code: 'ECONNREFUSED' });
    idle.send(get('/health'));
    const last = await idle.response();
    assert.equal(last?.status, 200, 'a request that was on its way is answered');
    assert.match(last.values('connection').join(), /close/i);
    assert.equal(await idle.ended(), 'ended');
    engine.clock.advance(1_500);
    assert.equal(await silent.ended(), 'ended', 'one on which nothing comes is closed');
    assert.equal(drained, false);
    upstream.connections[0]?.send(ok('late'));
    const response = await busy.response();
    assert.equal(response?.body, 'late');
    assert.match(response.values('connection').join(), /close/i);
    await draining;
    assert.equal(await busy.ended(), 'ended');
  });

  test('draining ends when its signal says so, and close cuts what is left', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const busy = await engine.connect();
    busy.send(get('/ship/'));
    await waitUntil('the upstream has the request', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    const giveUp = new AbortController();
    const draining = engine.gateway.drain(giveUp.signal);
    giveUp.abort();
    await draining;
    await engine.gateway.close();
    await busy.ended();
    await peerGone(upstream);
    const [line] = await engine.finished(1);
    // No status was sent, and it was not the client who left.
    assert.deepEqual([line?.['ending'], line?.['status'], line?.['level']], ['shut-down', undefined, 'error']);
    assert.match(engine.metrics(), /http_response_status_code="",[^}]*error_type="shut_down"/);
  });

  test('a taken port is reported', async () => {
    await using engine = await startEngine(createEngine, []);
    await using other = await startEngine(createEngine, []);
    await assert.rejects(other.gateway.listen({ host: '127.0.0.1', port: engine.port }));
  });
}
