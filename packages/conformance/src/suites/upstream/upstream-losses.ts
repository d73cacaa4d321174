import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { get, startEngine } from '../engine/engine-harness.ts';
import type { Serve } from './protocol-server.ts';

/** Whatever becomes of a connection, no answer is lost, made up or taken for whole. */
export function upstreamLossTests(createEngine: CreateEngine, serve: Serve): void {
  test('where nobody listens, a request gets 503', async () => {
    const service = await serve(() => undefined);
    await service[Symbol.asyncDispose]();
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    assert.equal((await client.response())?.status, 503);
    assert.deepEqual(engine.records[0]?.outcome?.kind, 'refused');
  });

  test('a connection lost before the answer is a 502; one lost within it cuts the answer', async () => {
    await using service = await serve((request, response) => {
      if (request.url === '/ship/within') response.write('x'.repeat(100_000));
      else service.cut();
    });
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    client.send(get('/ship/before', 'Content-Length: 0\r\n', 'POST'));
    assert.equal((await client.response())?.status, 502);
    client.send(get('/ship/within'));
    await waitUntil('the answer has begun', () => client.rest.includes('xxx'));
    service.cut();
    assert.equal((await client.response())?.complete, false);
    await engine.finished(2);
    assert.equal(engine.records[1]?.ending, 'broken');
  });

  test('a request that is safe to repeat is sent again, elsewhere', async () => {
    const targets: string[] = [];
    await using one = await serve((request) => {
      // Beside it the gateway asks by itself whether the instance is well.
      if (request.url === '/ship/again') targets.push('one');
      one.cut();
    });
    await using two = await serve((request, response) => {
      if (request.url === '/ship/again') targets.push('two');
      response.end('two');
    });
    await using engine = await startEngine(createEngine, [one, two]);
    const client = await engine.connect();
    client.send(get('/ship/again'));
    assert.equal((await client.response())?.body, 'two');
    assert.deepEqual(targets, ['one', 'two']);
  });

  test('a connection that the service closes between requests fails none', async () => {
    await using service = await serve((request, response) => {
      request.resume();
      response.end('here');
    });
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    for (let round = 0; round < 5; round++) {
      client.send(get('/ship/', 'Content-Length: 2\r\n', 'POST'));
      // Half a request: its connection is not chosen before the rest is there.
      service.closeIdle();
      await waitUntil('it is gone', () => engine.metrics().includes('gateway_upstream_connections 0'));
      client.send('ab');
      assert.equal((await client.response())?.body, 'here');
    }
  });

  test('a client that leaves cancels its own request, and no other', async () => {
    let left = 0;
    let answer: (() => void) | undefined;
    let asked = 0;
    await using service = await serve((request, response) => {
      asked += 1;
      if (request.url === '/ship/stays') answer = () => void response.end('stayed');
      else response.on('close', () => (left += 1));
    });
    await using engine = await startEngine(createEngine, [service]);
    const stays = await engine.connect();
    stays.send(get('/ship/stays'));
    const leaves = await engine.connect();
    leaves.send(get('/ship/leaves'));
    await waitUntil('both are there', () => asked === 2);
    leaves.reset();
    await waitUntil('the service hears of it', () => left === 1);
    answer?.();
    assert.equal((await stays.response())?.body, 'stayed');
  });

  test('an answer before the end of its request is complete, and the rest of the request is cancelled', async () => {
    let closed = false;
    await using service = await serve((request, response) => {
      request.once('data', () => response.end('enough'));
      response.on('close', () => (closed = true));
    });
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    client.send(get('/flow/', 'Content-Length: 100\r\n', 'POST'));
    client.send('some');
    assert.equal((await client.response())?.body, 'enough');
    await engine.finished(1);
    engine.discovery.set('ship', []);
    await waitUntil('nothing of it is left', () => closed && service.connections === 0);
  });

  test('an answer that does not begin in time is a 504', async () => {
    let asked = false;
    await using service = await serve(() => {
      asked = true;
    });
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    client.send(get('/timed'));
    await waitUntil('the service is asked', () => asked);
    await engine.clock.advanceAsync(2_200);
    assert.equal((await client.response())?.status, 504);
  });

  test('an upgrade that is not possible is refused, and nobody invents it', async () => {
    await using service = await serve((_request, response) => void response.end('no switch'));
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    const key = 'Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nSec-WebSocket-Version: 13\r\n';
    client.send(get('/ship/', `Connection: Upgrade\r\nUpgrade: websocket\r\n${key}`));
    const answer = await client.response();
    assert.ok(answer?.status === 200 || answer?.status === 502, String(answer?.status));
  });

  test('connections are kept, and closed when idle for too long or with their instance', async () => {
    await using service = await serve((_request, response) => void response.end('here'));
    await using engine = await startEngine(createEngine, [service]);
    const client = await engine.connect();
    for (let round = 0; round < 3; round++) {
      client.send(get('/ship/'));
      await client.response();
    }
    assert.equal(service.accepted, 1);
    await engine.clock.advanceAsync(4_200);
    await waitUntil('it is closed', () => service.connections === 0);
    client.send(get('/ship/'));
    await client.response();
    assert.equal(service.accepted, 2);
    engine.discovery.set('ship', []);
    await waitUntil('it is closed with its instance', () => service.connections === 0);
  });
}
