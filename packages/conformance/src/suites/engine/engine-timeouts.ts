import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { rawUpstream } from '../../raw-upstream.ts';
import { type EngineHarness, get, ok, peerGone, startEngine } from './engine-harness.ts';

/** Every deadline: nothing anybody does or leaves undone keeps a request open past it. */
export function timeoutTests(createEngine: CreateEngine): void {
  test('a head that does not arrive is a 408, even if a byte comes now and then', async () => {
    await using engine = await startEngine(createEngine, []);
    const client = await engine.connect();
    client.send('GET /nothing HTTP/1.1\r\nHost: h\r\n');
    await arrived();
    for (let seconds = 0; seconds < 9; seconds++) {
      await engine.clock.advanceAsync(1_000);
      client.send('X');
      await arrived();
    }
    assert.equal(client.rest, '');
    await engine.clock.advanceAsync(1_200);
    const answer = await client.response();
    assert.equal(answer?.status, 408);
    assert.match(answer.values('connection').join(), /close/);
    assert.equal(await client.ended(), 'ended');
    assertRejected(engine, 'REQUEST_TIMEOUT');
  });

  test('a second head that does not arrive is a 408 too, and a silent client is disconnected without an answer', async () => {
    await using engine = await startEngine(createEngine, []);
    const silent = await engine.connect();
    const client = await engine.connect();
    client.send(`${get('/nothing')}GET /`);
    assert.equal((await client.response())?.status, 404);
    await engine.clock.advanceAsync(10_200);
    assert.equal((await client.response())?.status, 408);
    assert.equal(await silent.ended(), 'ended');
    assert.equal(silent.rest, '');
  });

  test('a body that stops arriving is a 408, and does not count against the upstream', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(`${get('/flow/', 'Content-Length: 10\r\n', 'POST')}half`);
    await waitUntil('it is in progress', () => upstream.connections[0]?.received.includes('half') === true);
    await engine.clock.advanceAsync(30_200);
    assert.equal((await client.response())?.status, 408);
    await client.ended();
    await peerGone(upstream);
    assertRejected(engine, 'REQUEST_TIMEOUT');
    const [upstreamAvailable] =
      engine.metrics().match(/gateway_upstreams\{service="ship",state="available"\} \d/) ?? [];
    assert.equal(upstreamAvailable, 'gateway_upstreams{service="ship",state="available"} 1');
  });

  test('an upstream that cannot be reached in time is a 504', async () => {
    // TEST-NET-1: no host answers there. Where the system says at once that it can't be reached, the answer is a 503.
    await using engine = await startEngine(createEngine, [{ address: '192.0.2.1', port: 9 }]);
    const client = await engine.connect();
    client.send(get('/timed'));
    await arrived();
    for (let count = 0; count < 4; count++) await engine.clock.advanceAsync(1_100);
    const answer = await client.response();
    assert.ok(answer?.status === 504 || answer?.status === 503, `${answer?.status}`);
    assert.equal((await engine.finished(1))[0]?.['upstreamId'], 'ship-0');
  });

  test('silence before the first byte is a 504, and so is silence within a short answer', async () => {
    for (const part of ['', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal']) {
      await using upstream = await rawUpstream(async (connection) => {
        await connection.request();
        connection.send(part);
      });
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/timed'));
      await waitUntil('it is in progress', () => (upstream.connections[0]?.received.length ?? 0) > 0);
      await arrived();
      await engine.clock.advanceAsync(part === '' ? 2_200 : 5_200);
      assert.equal((await client.response())?.status, 504);
      await peerGone(upstream);
      assertRejected(engine, 'GATEWAY_TIMEOUT');
    }
  });

  test('silence within an answer that has begun cuts it; while something comes, it continues', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/timed'));
    await waitUntil('the answer has begun', () => client.rest.includes('a\r\n'));
    await engine.clock.advanceAsync(4_000);
    upstream.connections[0]?.send('1\r\nb\r\n');
    await waitUntil('more has come', () => client.rest.includes('b\r\n'));
    await engine.clock.advanceAsync(4_000);
    assert.equal(client.closed, false);
    await engine.clock.advanceAsync(1_300);
    await client.ended();
    assert.equal((await client.response())?.complete, false);
    assert.deepEqual([engine.records[0]?.ending, engine.records[0]?.outcome?.kind], ['broken', 'timeout']);
  });

  test('the whole exchange has an end, however lively it is', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/timed'));
    await waitUntil('the answer has begun', () => client.rest.includes('\r\n\r\n'));
    for (let seconds = 0; seconds < 9; seconds++) {
      await engine.clock.advanceAsync(1_000);
      upstream.connections[0]?.send('1\r\na\r\n');
      await waitUntil('it has passed', () => client.rest.split('a\r\n').length > seconds + 1);
    }
    await engine.clock.advanceAsync(1_200);
    await client.ended();
    assert.equal((await client.response())?.complete, false);
    const outcome = engine.records[0]?.outcome;
    assert.ok(outcome?.kind === 'timeout' && outcome.phase === 'total');
    assert.equal(engine.records[0]?.ending, 'timed-out');
    assert.match(engine.metrics(), /error_type="timed_out"/);
  });

  test('a body that trickles in ends with the whole exchange, as a 504', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/timed/flow', 'Content-Length: 100\r\n', 'POST'));
    for (let seconds = 0; seconds < 10; seconds++) {
      client.send('x');
      await waitUntil(
        'it has passed',
        () => upstream.connections[0]?.received.toString().endsWith(`\r\n\r\n${'x'.repeat(seconds + 1)}`) === true,
      );
      await engine.clock.advanceAsync(1_000);
    }
    await engine.clock.advanceAsync(300);
    assert.equal((await client.response())?.status, 504);
    await peerGone(upstream);
  });

  test('an answer to a request that has timed out is not the answer to the next', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/timed'));
    await waitUntil('it is in progress', () => (upstream.connections[0]?.received.length ?? 0) > 0);
    await engine.clock.advanceAsync(2_200);
    assert.equal((await client.response())?.status, 504);
    upstream.connections[0]?.send(ok('late'));
    client.send(get('/ship/'));
    // Between the two, a probe has come.
    const next = () => upstream.connections.find(({ received }) => received.includes('GET /ship/ '));
    await waitUntil('the next is in progress', () => next() !== undefined);
    next()?.send(ok('right'));
    assert.equal((await client.response())?.body, 'right');
  });
}

/** What was sent on loopback is read. */
async function arrived(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** The answer was counted. */
function assertRejected(engine: EngineHarness, code: string): void {
  assert.match(engine.metrics(), new RegExp(`gateway_rejections_total\\{code="${code}"\\} 1`));
}
