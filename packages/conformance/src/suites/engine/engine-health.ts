import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, type RawUpstream, rawUpstream } from '../../raw-upstream.ts';
import { type EngineHarness, get, ok, startEngine } from './engine-harness.ts';

const health = { silenceMs: 250, probeTimeoutMs: 500, firstProbeMs: 250 };
const post = (target: string): string => `${get(target, 'Content-Length: 5\r\n', 'POST')}hello`;

/** Instances that are there but do not answer, and what it costs those who call. */
export function healthTests(createEngine: CreateEngine): void {
  test('a frozen instance delays a GET only until it is found out, and gets no more until it answers', async () => {
    await using frozen = await rawUpstream();
    await using other = await rawUpstream(answerEach(ok('other')));
    await using engine = await startEngine(createEngine, [frozen, other], { health });
    const clients = await Promise.all([engine.connect(), engine.connect(), engine.connect(), engine.connect()]);
    for (const client of clients) client.send(get('/ship/'));
    await waitUntil('two of them are with the frozen one', () => frozen.connections.length === 2);
    await findOut(engine, frozen, 2);
    for (const client of clients) assert.equal((await client.response())?.body, 'other');
    for (const client of clients) {
      client.send(get('/ship/'));
      assert.equal((await client.response())?.body, 'other');
    }
    assert.match(engine.metrics(), /gateway_upstreams\{service="ship",state="set_aside"\} 1/);
    assert.match(engine.metrics(), /gateway_set_aside_total\{service="ship",reason="probe_failed"\} 1/);
    const attempts = (await engine.finished(8)).map((line) => line['attempts']);
    assert.deepEqual(attempts.toSorted(), [1, 1, 1, 1, 1, 1, 2, 2]);

    frozen.setScript(answerEach(ok('thawed')));
    await engine.clock.advanceAsync(250);
    await waitUntil('it is back', () =>
      /gateway_upstreams\{service="ship",state="available"\} 2/.test(engine.metrics()),
    );
    const bodies: (string | undefined)[] = [];
    for (const client of clients.slice(0, 2)) {
      client.send(get('/ship/'));
      bodies.push((await client.response())?.body);
    }
    assert.deepEqual(bodies.toSorted(), ['other', 'thawed']);
  });

  test('a POST that a frozen instance may have read waits for it', async () => {
    await using frozen = await rawUpstream();
    await using other = await rawUpstream(answerEach(ok('other')));
    await using engine = await startEngine(createEngine, [frozen, other], { health });
    const client = await engine.connect();
    client.send(post('/ship/'));
    await waitUntil('it is in progress', () => frozen.connections[0]?.received.includes('hello') === true);
    await findOut(engine, frozen, 1);
    frozen.connections[0]?.send(ok('thawed'));
    assert.equal((await client.response())?.body, 'thawed');
    assert.match(engine.metrics(), /gateway_upstreams\{service="ship",state="available"\} 2/);
  });

  test('a request that waits for a connection to a frozen instance goes elsewhere, whatever its method', async () => {
    await using frozen = await rawUpstream();
    await using other = await rawUpstream(answerEach(ok('other')));
    const limits = { connectionsPerUpstream: 1 };
    const route = { kind: 'proxy', match: '/ship/', service: 'ship', timeouts: { connectMs: 5_000 } } as const;
    await using engine = await startEngine(createEngine, [frozen, other], { health, limits, routes: [route] });
    const [busy, free, queued] = [await engine.connect(), await engine.connect(), await engine.connect()];
    busy.send(get('/ship/'));
    await waitUntil('it is in progress', () => (frozen.connections[0]?.received.length ?? 0) > 0);
    free.send(get('/ship/'));
    assert.equal((await free.response())?.body, 'other');
    queued.send(post('/ship/'));
    await waitUntil('it waits', () => /gateway_upstream_requests_in_flight\{service="ship"\} 2/.test(engine.metrics()));
    await findOut(engine, frozen, 1);
    assert.equal((await queued.response())?.body, 'other');
    assert.equal((await busy.response())?.body, 'other');
  });

  test('the gateway waits for a slow but healthy instance: its requests are not repeated', async () => {
    await using slow = await rawUpstream();
    await using other = await rawUpstream(answerEach(ok('other')));
    await using engine = await startEngine(createEngine, [slow, other], { health });
    const client = await engine.connect();
    client.send(get('/ship/'));
    await waitUntil('it is in progress', () => (slow.connections[0]?.received.length ?? 0) > 0);
    // The service is not ours: it does not know the path, which is an answer.
    slow.setScript(answerEach('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
    await engine.clock.advanceAsync(350);
    await waitUntil('it has been asked', () => slow.connections[1]?.received.includes('GET /ready ') === true);
    await engine.clock.advanceAsync(5_000);
    slow.connections[0]?.send(ok('slow'));
    assert.equal((await client.response())?.body, 'slow');
    assert.equal(other.connections.length, 0);
  });

  test('a configured probe path must be answered with 2xx', async () => {
    await using unwell = await rawUpstream();
    await using other = await rawUpstream(answerEach(ok('other')));
    const services = { ship: { health: { path: '/up?deep=1' } } };
    await using engine = await startEngine(createEngine, [unwell, other], { health, services });
    const client = await engine.connect();
    client.send(get('/ship/'));
    await waitUntil('it is in progress', () => (unwell.connections[0]?.received.length ?? 0) > 0);
    unwell.setScript(answerEach('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
    await engine.clock.advanceAsync(350);
    assert.equal((await client.response())?.body, 'other');
    assert.match(unwell.connections[1]?.received.toString() ?? '', /^GET \/up\?deep=1 /);
  });

  test('a GET without a first byte in time is tried once more elsewhere', async () => {
    await using mute = await rawUpstream();
    await using other = await rawUpstream(answerEach(ok('other')));
    await using engine = await startEngine(createEngine, [mute, other]);
    const client = await engine.connect();
    client.send(get('/timed'));
    await waitUntil('it is in progress', () => (mute.connections[0]?.received.length ?? 0) > 0);
    await engine.clock.advanceAsync(2_200);
    assert.equal((await client.response())?.body, 'other');
  });

  test('a part of an aggregate goes elsewhere too', async () => {
    await using frozen = await rawUpstream();
    await using other = await rawUpstream(
      answerEach('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'),
    );
    await using engine = await startEngine(createEngine, [frozen, other], { health });
    const client = await engine.connect();
    client.send(get('/both'));
    await waitUntil('one part is with the frozen one', () => (frozen.connections[0]?.received.length ?? 0) > 0);
    await findOut(engine, frozen, 1);
    assert.equal((await client.response())?.body, '{"a":{},"b":{}}');
  });
}

/** Moves time until a probe of `frozen`, which has had so many connections before, has got no answer. */
async function findOut(engine: EngineHarness, frozen: RawUpstream, before: number): Promise<void> {
  await engine.clock.advanceAsync(350);
  await waitUntil('it is probed', () => frozen.connections[before]?.received.includes('GET /ready ') === true);
  await engine.clock.advanceAsync(500);
}
