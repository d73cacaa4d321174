import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine, GatewayConfig } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, peerGone, startEngine } from './engine-harness.ts';
import { plainConnection, socketServer } from './flow.ts';

const large = 'x'.repeat(20_000);
const length = `HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n${large}`;
const chunked = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n${large}\r\n`;
/** No end of the whole: only silence counts. */
const unhurried: Partial<GatewayConfig> = {
  routes: [{ kind: 'proxy', match: '/ship/', service: 'ship', timeouts: { totalMs: 0 } }],
};

/** Clients that leave, upstreams that break, and what the other side sees of it. */
export function endingTests(createEngine: CreateEngine): void {
  for (const when of ['before the head of the answer', 'within its body'] as const) {
    test(`a client that leaves ${when} cancels the upstream request at once`, async () => {
      await using upstream = await rawUpstream(async (connection) => {
        await connection.request();
        if (when === 'within its body') connection.send(chunked);
      });
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/'));
      await waitUntil('it is in progress', () => (upstream.connections[0]?.received.length ?? 0) > 0);
      if (when === 'within its body') await waitUntil('the answer is there', () => client.rest.length > 20_000);
      client.reset();
      // The clock stands still: no deadline can have done it.
      await peerGone(upstream);
      const [line] = await engine.finished(1);
      assert.deepEqual([line?.['status'], line?.['ending']], [499, 'client-gone']);
      assert.match(engine.metrics(), /http_response_status_code="499"/);
    });
  }

  test('a client that leaves within its body, or before its head is complete, leaves nothing behind', async () => {
    await using upstream = await rawUpstream();
    await using engine = await startEngine(createEngine, [upstream]);
    const half = await engine.connect();
    half.send('GET /ship/ HTTP/1.1\r\nHost: a');
    half.reset();
    const body = await engine.connect();
    body.send(`${get('/flow/', 'Content-Length: 100\r\n', 'POST')}half`);
    await waitUntil('it is in progress', () => upstream.connections[0]?.received.includes('half') === true);
    body.reset();
    await peerGone(upstream);
    assert.equal((await engine.finished(1)).length, 1);
  });

  for (const [framing, answer] of [
    ['a length', length],
    ['chunks', chunked],
  ] as const) {
    for (const version of ['1.1', '1.0']) {
      for (const how of ['reset', 'end'] as const) {
        test(`an answer of ${framing} that breaks (${how}) does not look complete to a client of HTTP/${version}`, async () => {
          await using upstream = await rawUpstream(async (connection) => {
            await connection.request();
            connection.send(answer);
          });
          await using engine = await startEngine(createEngine, [upstream]);
          const client = await engine.connect();
          client.send(`GET /ship/ HTTP/${version}\r\nHost: h\r\n\r\n`);
          await waitUntil('the answer has begun', () => client.rest.length > 20_000);
          upstream.connections[0]?.[how]();
          const end = await client.ended();
          const response = await client.response();
          assert.ok(end === 'reset' || response?.complete === false, 'a clean end');
          // To a client of HTTP/1.0 the end of the connection is the end of an answer without length.
          if (version === '1.0' && framing === 'chunks') assert.equal(end, 'reset');
          assert.equal(engine.records[0]?.ending, 'broken');
          assert.match(engine.metrics(), /gateway_broken_responses_total 1/);
        });
      }
    }
  }

  test('a body that breaks a rule after the answer has begun cuts the answer, and adds nothing to it', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send(length);
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(`${get('/flow/', 'Transfer-Encoding: chunked\r\n', 'POST')}2\r\nhi\r\n`);
    await waitUntil('the answer has begun', () => client.rest.length > 20_000);
    client.send('zz\r\n');
    await client.ended();
    const answer = await client.response();
    // Nothing but the upstream's bytes: not the head of another answer.
    assert.deepEqual([answer?.complete, answer?.body], [false, large]);
    await peerGone(upstream);
    const [line] = await engine.finished(1);
    assert.deepEqual([line?.['ending'], line?.['code']], ['request-refused', 'BAD_MESSAGE']);
    assert.match(engine.metrics(), /gateway_broken_responses_total 0/);
  });

  test('a refused request with a body that breaks a rule is answered once, however it arrives', async () => {
    await using engine = await startEngine(createEngine, []);
    for (const together of [true, false]) {
      const client = await engine.connect();
      client.send(get('/nothing', 'Transfer-Encoding: chunked\r\n', 'POST') + (together ? 'zz\r\n' : ''));
      assert.equal((await client.response())?.status, 404);
      if (!together && !client.closed) client.send('zz\r\n');
      await client.ended();
      assert.equal(client.rest, '');
    }
  });

  test('a slow client gets all of an answer after which the connection closes', async () => {
    const body = Buffer.alloc(16 * 1024 ** 2, 'y');
    await using upstream = await socketServer((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`);
        socket.end(body);
      });
    });
    for (const version of ['1.0', '1.1']) {
      await using engine = await startEngine(createEngine, [upstream], unhurried);
      const client = await plainConnection(engine.port);
      let read = 0;
      let allowed = 0;
      let open = true;
      client.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read >= allowed) client.pause();
      });
      client.on('close', () => {
        open = false;
      });
      client.write(`GET /ship/ HTTP/${version}\r\nHost: h\r\nConnection: close\r\n\r\n`);
      // It takes some every two seconds, also long after the last byte was handed over. (Less than a third of what
      // the system buffers it does not tell of.)
      while (open) {
        await engine.clock.advanceAsync(2_000);
        allowed += 1024 ** 2;
        client.resume();
      }
      assert.ok(read > body.length, `${read} bytes of ${body.length}`);
      assert.equal(engine.records[0]?.ending, 'complete');
    }
  });

  test('a client that reads nothing is cut when the answer is complete and its time is up', async () => {
    const body = Buffer.alloc(24 * 1024 ** 2, 'y');
    await using upstream = await socketServer((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
        socket.write(body);
      });
    });
    await using engine = await startEngine(createEngine, [upstream], {
      ...unhurried,
      timeouts: { writeProgressMs: 30_000 },
    });
    const client = await plainConnection(engine.port);
    client.pause();
    client.write(get('/ship/'));
    await waitUntil('the upstream is held up', () => engine.metrics().includes('gateway_upstream_connections 1'));
    for (let turn = 0; turn < 300; turn++) await new Promise((resolve) => setImmediate(resolve));
    await engine.clock.advanceAsync(31_000);
    const [line] = await engine.finished(1);
    // It has not left: the gateway cut it.
    assert.deepEqual([line?.['status'], line?.['ending']], [200, 'client-stalled']);
    assert.match(engine.metrics(), /http_response_status_code="200",[^}]*error_type="client_stalled"/);
    client.destroy();
  });

  test('closing the engine cuts what has begun: nobody mistakes half an answer for all of it', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.1 200 OK\r\n\r\npart of it');
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send('GET /ship/ HTTP/1.0\r\nHost: h\r\n\r\n');
    await waitUntil('the answer has begun', () => client.rest.includes('part'));
    await engine.gateway.close();
    assert.equal(await client.ended(), 'reset');
    assert.deepEqual([engine.records[0]?.ending, engine.records[0]?.status], ['shut-down', 200]);
  });

  test('a client that has closed its side still gets the rest of its answer', async () => {
    await using upstream = await rawUpstream(answerEach(ok('z'.repeat(3 * 1024 ** 2))));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.stall();
    client.send(get('/ship/'));
    await engine.finished(1).catch(() => undefined);
    client.end();
    client.resume();
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.complete], [200, true]);
  });
}
