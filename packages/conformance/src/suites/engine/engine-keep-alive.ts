import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, type ConnectionScript, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, peerGone, startEngine } from './engine-harness.ts';

const answerTarget: ConnectionScript = async (connection) => {
  for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
    connection.send(ok(request.target));
  }
};

/** How long connections live, on both sides, and who gets which. */
export function keepAliveTests(createEngine: CreateEngine): void {
  test('two hundred requests in one piece are answered in order', async () => {
    await using upstream = await rawUpstream(answerTarget);
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    const targets = Array.from({ length: 200 }, (_, at) => (at % 7 === 3 ? '/nothing' : `/ship/${at}`));
    client.send(targets.map((target) => get(target)).join(''));
    for (const target of targets) {
      const answer = await client.response();
      if (target === '/nothing') assert.equal(answer?.status, 404);
      else assert.equal(answer?.body, target);
    }
    assert.equal(upstream.connections.length, 1);
    assert.equal((await engine.finished(200)).length, 200);
  });

  test('an empty line after a body starts no request: the connection stays idle, and the next request is read', async () => {
    await using upstream = await rawUpstream(answerTarget);
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(`${get('/ship/1', 'Content-Length: 2\r\n', 'POST')}hi\r\n`);
    assert.equal((await client.response())?.body, '/ship/1');
    // Longer than a head may take.
    await engine.clock.advanceAsync(15_000);
    assert.equal(client.closed, false);
    client.send(get('/ship/2'));
    assert.equal((await client.response())?.body, '/ship/2');
    assert.equal((await engine.finished(2)).length, 2);
  });

  test('requests sent ahead wait behind a body, and a request behind a large one is not lost', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        connection.send(ok(`${request.target} ${request.body.length}`));
      }
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    const body = 'x'.repeat(300_000);
    client.send(`${get('/ship/1', `Content-Length: ${body.length}\r\n`, 'PUT')}${body}${get('/ship/2')}`);
    assert.equal((await client.response())?.body, '/ship/1 300000');
    assert.equal((await client.response())?.body, '/ship/2 0');
  });

  const ends: readonly (readonly [what: string, message: string, closes: boolean])[] = [
    ['HTTP/1.1', get('/ship/'), false],
    ['HTTP/1.1 with close', get('/ship/', 'Connection: close\r\n'), true],
    ['HTTP/1.0', 'GET /ship/ HTTP/1.0\r\nHost: h\r\n\r\n', true],
    ['HTTP/1.0 with keep-alive', 'GET /ship/ HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n', false],
  ];
  for (const [what, message, closes] of ends) {
    test(`after a request of ${what} the connection ${closes ? 'closes' : 'stays open'}, and the answer says so`, async () => {
      await using upstream = await rawUpstream(answerEach(ok('hi')));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(message);
      const answer = await client.response();
      assert.equal(answer?.body, 'hi');
      assert.equal(/close/.test(answer.values('connection').join()), closes);
      if (what.startsWith('HTTP/1.0')) assert.equal(/keep-alive/.test(answer.values('connection').join()), !closes);
      if (closes) return assert.equal(await client.ended(), 'ended');
      client.send(message);
      assert.equal((await client.response())?.body, 'hi');
    });
  }

  test('an HTTP/1.0 server is read to the end of its connection, which is not used again', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.0 200 OK\r\n\r\nold');
      connection.end();
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    for (let count = 0; count < 2; count++) {
      client.send(get('/ship/'));
      const answer = await client.response();
      assert.deepEqual([answer?.body, answer?.complete], ['old', true]);
      assert.deepEqual(answer?.values('transfer-encoding'), ['chunked']);
    }
    assert.equal(upstream.connections.length, 2);
  });

  test('the most recently used connection is used next, so that the others can expire', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const [one, two] = [await engine.connect(), await engine.connect()];
    one.send(get('/ship/1'));
    await waitUntil('the first is in progress', () => upstream.connections[0]?.received.includes('/ship/1') === true);
    two.send(get('/ship/2'));
    await waitUntil('the second is in progress', () => upstream.connections[1]?.received.includes('/ship/2') === true);
    upstream.connections[1]?.send(ok('2'));
    assert.equal((await two.response())?.body, '2');
    upstream.connections[0]?.send(ok('1'));
    assert.equal((await one.response())?.body, '1');
    two.send(get('/ship/3'));
    await waitUntil('the third is in progress', () =>
      upstream.connections.some(({ received }) => received.includes('/ship/3')),
    );
    assert.ok(upstream.connections[0]?.received.includes('/ship/3'));
    upstream.connections[0]?.send(ok('3'));
    assert.equal((await two.response())?.body, '3');
  });

  test('an idle connection is closed after four seconds, or a second before the upstream would', async () => {
    for (const [field, keptMs] of [
      ['', 4_000],
      ['Keep-Alive: timeout=3, max=100\r\n', 2_000],
      ['Keep-Alive: timeout=60\r\n', 4_000],
    ] as const) {
      await using upstream = await rawUpstream(answerEach(ok('hi', field)));
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/'));
      await client.response();
      await engine.clock.advanceAsync(keptMs - 100);
      client.send(get('/ship/'));
      await client.response();
      assert.equal(upstream.connections.length, 1);
      await engine.clock.advanceAsync(keptMs + 150);
      await peerGone(upstream);
    }
  });

  test('a connection that the upstream keeps for a second or less is not kept', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hi', 'Keep-Alive: timeout=1\r\n')));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    await client.response();
    await peerGone(upstream);
  });

  test('bytes on an idle connection end it: nothing on it can be trusted', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hi')));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    await client.response();
    upstream.connections[0]?.send(ok('poison'));
    await peerGone(upstream);
    client.send(get('/ship/'));
    assert.equal((await client.response())?.body, 'hi');
    assert.equal(upstream.connections.length, 2);
  });

  test('an upstream that closes right after its answers loses none, not even for a POST', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      const request = await connection.request();
      connection.send(ok(request?.body.toString() ?? ''));
      connection.end();
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    for (let count = 0; count < 20; count++) {
      client.send(`${get('/ship/', 'Content-Length: 2\r\n', 'POST')}${String(count).padStart(2, '0')}`);
      assert.equal((await client.response())?.body, String(count).padStart(2, '0'));
      const connection = upstream.connections[count];
      await waitUntil('the connection is over', () => connection?.isClosed === true);
    }
  });

  test('a POST on a kept connection that dies is not sent again; a GET is, once', async () => {
    for (const [method, status, connections] of [
      ['POST', 502, 1],
      ['GET', 200, 2],
    ] as const) {
      await using fresh = await rawUpstream(async (connection, index) => {
        await connection.request();
        connection.send(ok('hi'));
        if (index > 0) return;
        await connection.request();
        connection.reset();
      });
      await using engine = await startEngine(createEngine, [fresh]);
      const client = await engine.connect();
      client.send(get('/ship/'));
      await client.response();
      client.send(get('/ship/', 'Content-Length: 0\r\n', method));
      assert.equal((await client.response())?.status, status);
      assert.equal(fresh.connections.length, connections);
    }
  });

  test('a client that asks nothing more is disconnected after the idle time', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hi')));
    await using engine = await startEngine(createEngine, [upstream], { timeouts: { keepAliveIdleMs: 5_000 } });
    const client = await engine.connect();
    client.send(get('/ship/'));
    await client.response();
    await engine.clock.advanceAsync(4_800);
    assert.equal(client.closed, false);
    await engine.clock.advanceAsync(400);
    assert.equal(await client.ended(), 'ended');
    assert.equal(engine.records.length, 1);
  });

  test('what a client sends behind a refused protocol offer is the next request', async () => {
    await using upstream = await rawUpstream(answerTarget);
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(
      get('/ship/1', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n') +
        get('/ship/2'),
    );
    assert.equal((await client.response())?.body, '/ship/1');
    assert.equal((await client.response())?.body, '/ship/2');
    assert.doesNotMatch(upstream.connections[0]?.received.toString() ?? '', /upgrade|http2-settings|h2c/i);
  });
}
