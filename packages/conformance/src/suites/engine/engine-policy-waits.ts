import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '@flotilla/contracts';
import type { CreateEngine, GatewayConfig } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, startEngine } from './engine-harness.ts';
import { plainConnection, Source, stalled } from './flow.ts';
import { sendInPieces, splits } from './pieces.ts';
import { recordingUpstream } from './recording-upstream.ts';
import { webSocketOffer, webSocketSwitch } from './web-socket.ts';
import { gate, withPolicies } from './with-policies.ts';

const goOn = { kind: 'go-on' } as const;
/** What the system's buffers of a connection take at most on common settings, with room for the engine's. */
const mostOnTheWay = 12 * 1024 ** 2;
const unlimited: Partial<GatewayConfig> = {
  routes: [{ kind: 'proxy', match: '/ship/', service: 'ship', bodyLimitBytes: 0, bodyBytesPerSecond: 0 }],
};

/** Steps that have to wait: the request stands still, and nothing of it is lost. */
export function policyWaitTests(createEngine: CreateEngine): void {
  test('a request that waits continues unchanged, with everything that arrived meanwhile', async () => {
    await using upstream = await recordingUpstream();
    const [first, second] = [gate(), gate()];
    await using engine = await startEngine(withPolicies(createEngine, [first, second]), [upstream]);
    const client = await engine.connect();
    client.send(`${get('/ship/1', 'Content-Length: 9\r\n', 'POST')}one`);
    await waitUntil('it waits', () => first.waiting.length === 1);
    client.send('two');
    first.waiting[0]?.decide(goOn);
    await waitUntil('it waits once more', () => second.waiting.length === 1);
    assert.match(engine.metrics(), /^gateway_waiting_requests 1$/m);
    client.send(`end${get('/ship/2')}`);
    assert.equal(upstream.requests.length, 0);
    second.waiting[0]?.decide(goOn);
    assert.equal((await client.response())?.body, '/ship/1');
    await waitUntil('the next one waits', () => first.waiting.length === 2);
    first.waiting[1]?.decide(goOn);
    await waitUntil('also at the second step', () => second.waiting.length === 2);
    second.waiting[1]?.decide(goOn);
    assert.equal((await client.response())?.body, '/ship/2');
    assert.deepEqual(
      upstream.requests.map(({ body }) => body),
      ['onetwoend', ''],
    );
    assert.match(engine.metrics(), /^gateway_waiting_requests 0$/m);
  });

  test('however a body is split, and whenever it may continue, what arrives is what was sent', async () => {
    const body = 'a'.repeat(40);
    for (const { name, cut } of splits(6)) {
      const hold = gate();
      await using upstream = await recordingUpstream();
      await using engine = await startEngine(withPolicies(createEngine, [hold]), [upstream]);
      const client = await engine.connect();
      const request = `${get('/ship/', 'Transfer-Encoding: chunked\r\n', 'POST')}28\r\n${body}\r\n0\r\nX-Sum: 1\r\n\r\n`;
      const pieces = cut(Buffer.from(request));
      // The end comes only after it may go on.
      const early = Math.ceil(pieces.length * 0.8);
      await sendInPieces((piece) => client.send(piece), pieces.slice(0, early));
      await waitUntil('it waits', () => hold.waiting.length === 1);
      hold.waiting[0]?.decide(goOn);
      await sendInPieces((piece) => client.send(piece), pieces.slice(early));
      assert.equal((await client.response())?.status, 200, name);
      assert.deepEqual([upstream.requests[0]?.body, upstream.requests[0]?.trailers], [body, ['X-Sum', '1']], name);
    }
  });

  test('the body of a waiting request is held back, and all of it arrives afterwards', async () => {
    const hold = gate(86_400_000);
    await using upstream = await rawUpstream();
    await using engine = await startEngine(withPolicies(createEngine, [hold]), [upstream], unlimited);
    const client = await plainConnection(engine.port);
    client.write(get('/ship/', `Content-Length: ${1024 ** 4}\r\n`, 'POST'));
    const source = new Source(client);
    await waitUntil('it waits', () => hold.waiting.length === 1);
    await stalled(source);
    const before = source.takenBytes;
    assert.ok(before < mostOnTheWay, `${before} bytes are on the way`);
    hold.waiting[0]?.decide(goOn);
    await waitUntil('it flows', () => source.takenBytes > before + 1024 ** 2);
    client.destroy();
    await engine.finished(1);
  });

  test('a client that leaves meanwhile is noticed, and what was begun is cancelled', async () => {
    const hold = gate();
    await using upstream = await rawUpstream();
    await using engine = await startEngine(withPolicies(createEngine, [hold]), [upstream]);
    for (const body of [false, true]) {
      const client = await engine.connect();
      client.send(body ? `${get('/ship/', 'Content-Length: 9\r\n', 'POST')}half` : get('/ship/'));
      await waitUntil('it waits', () => hold.waiting.length === (body ? 2 : 1));
      client.reset();
      await waitUntil('it is called off', () => hold.waiting.at(-1)?.signal.aborted === true);
      const line = (await engine.finished(body ? 2 : 1)).at(-1);
      assert.deepEqual([line?.['ending'], line?.['requestBytes']], ['client-gone', body ? 4 : 0]);
      // Too late: nobody hears of it.
      hold.waiting.at(-1)?.decide(goOn);
    }
    assert.match(engine.metrics(), /^gateway_waiting_requests 0$/m);
    assert.equal(upstream.connections.length, 0);
  });

  test('a step that does not decide in time is a 504, and its work is cancelled', async () => {
    const hold = gate(3_000);
    await using upstream = await rawUpstream(answerEach(ok('hello')));
    await using engine = await startEngine(withPolicies(createEngine, [hold]), [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    await waitUntil('it waits', () => hold.waiting.length === 1);
    await engine.clock.advanceAsync(2_900);
    assert.equal(client.closed, false);
    await engine.clock.advanceAsync(300);
    assert.equal((await client.response())?.status, 504);
    assert.equal(hold.waiting[0]?.signal.aborted, true);
    hold.waiting[0]?.decide(goOn);
    // The connection serves on.
    client.send(get('/ship/'));
    await waitUntil('the next one waits', () => hold.waiting.length === 2);
    hold.waiting[1]?.decide(goOn);
    assert.equal((await client.response())?.body, 'hello');
    const [line] = await engine.finished(2);
    assert.deepEqual([line?.['code'], line?.['policy']], ['GATEWAY_TIMEOUT', 'gate']);
  });

  test('no more requests wait than the limit allows; others are refused at once', async () => {
    const hold = gate();
    await using upstream = await rawUpstream(answerEach(ok('hello')));
    await using engine = await startEngine(withPolicies(createEngine, [hold]), [upstream], { limits: { waiting: 2 } });
    const clients = [await engine.connect(), await engine.connect(), await engine.connect()];
    for (const [at, client] of clients.entries()) {
      client.send(get('/ship/'));
      if (at < 2) await waitUntil('it waits', () => hold.waiting.length === at + 1);
    }
    const refused = await clients[2]?.response();
    assert.deepEqual([refused?.status, refused?.values('retry-after')], [503, ['1']]);
    assert.match(refused?.body ?? '', /"OVERLOADED".*limit \\"waiting\\" \(2\)/);
    for (const { decide } of hold.waiting) decide(goOn);
    for (const client of clients.slice(0, 2)) assert.equal((await client.response())?.status, 200);
    assert.equal(hold.waiting.length, 2);
  });

  test('what a step fails with is the answer, and so is what it says', async () => {
    const hold = gate();
    await using upstream = await rawUpstream();
    await using engine = await startEngine(withPolicies(createEngine, [hold]), [upstream]);
    const client = await engine.connect();
    for (const [end, status] of [
      [() => hold.waiting.at(-1)?.fail(new AppError('UNAUTHENTICATED')), 401],
      [() => hold.waiting.at(-1)?.fail(new Error('secret')), 500],
      [() => hold.waiting.at(-1)?.decide({ kind: 'answer', response: { status: 403, headers: [], body: 'no' } }), 403],
    ] as const) {
      const before = hold.waiting.length;
      client.send(get('/ship/'));
      await waitUntil('it waits', () => hold.waiting.length > before);
      end();
      const answer = await client.response();
      assert.equal(answer?.status, status);
      assert.doesNotMatch(answer?.body ?? '', /secret/);
    }
  });

  test('a client that waits for 100 (Continue) does not get it before the decision', async () => {
    const hold = gate();
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send('HTTP/1.1 100 Continue\r\n\r\n');
      await connection.receive('body');
      connection.send(ok('thanks'));
    });
    await using engine = await startEngine(withPolicies(createEngine, [hold]), [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'Content-Length: 4\r\nExpect: 100-continue\r\n', 'POST'));
    await waitUntil('it waits', () => hold.waiting.length === 1);
    assert.equal(client.rest, '');
    hold.waiting[0]?.decide(goOn);
    assert.equal((await client.response())?.status, 100);
    client.send('body');
    assert.equal((await client.response())?.body, 'thanks');
  });

  test('a broken body of a waiting request is reported at once', async () => {
    const hold = gate();
    await using upstream = await rawUpstream();
    await using engine = await startEngine(withPolicies(createEngine, [hold]), [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'Transfer-Encoding: chunked\r\n', 'POST'));
    await waitUntil('it waits', () => hold.waiting.length === 1);
    client.send('no chunk\r\n');
    assert.equal((await client.response())?.status, 400);
    assert.equal(hold.waiting[0]?.signal.aborted, true);
    assert.equal((await engine.finished(1))[0]?.['policy'], undefined);
    // Nor is a step asked about one whose body is broken from the start.
    const other = await engine.connect();
    other.send(`${get('/ship/', 'Transfer-Encoding: chunked\r\n', 'POST')}no chunk\r\n`);
    assert.equal((await other.response())?.status, 400);
    assert.equal(hold.waiting.length, 1);
  });

  test('an upgrade waits too, with what its client has sent ahead', async () => {
    const hold = gate();
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send(webSocketSwitch);
    });
    await using engine = await startEngine(withPolicies(createEngine, [hold]), [upstream]);
    const client = await engine.connect();
    client.send(`${get('/ship/ws', webSocketOffer)}ahead`);
    await waitUntil('it waits', () => hold.waiting.length === 1);
    assert.equal(upstream.connections.length, 0);
    hold.waiting[0]?.decide(goOn);
    assert.equal((await client.response())?.status, 101);
    await waitUntil('it is passed on', () => upstream.connections[0]?.received.toString().endsWith('ahead') === true);
  });

  test('an engine that closes ends the requests that wait; one that drains waits for them', async () => {
    const hold = gate();
    await using upstream = await rawUpstream(answerEach(ok('hello')));
    await using engine = await startEngine(withPolicies(createEngine, [hold]), [upstream]);
    const clients = [await engine.connect(), await engine.connect()];
    for (const client of clients) client.send(get('/ship/'));
    await waitUntil('they wait', () => hold.waiting.length === 2);
    const drained = engine.gateway.drain(AbortSignal.timeout(20_000));
    hold.waiting[0]?.decide(goOn);
    await waitUntil('one is answered', () => clients.some(({ rest }) => rest.includes('Connection: close')));
    await engine.gateway.close();
    await drained;
    assert.equal(hold.waiting[1]?.signal.aborted, true);
    assert.equal((await engine.finished(2)).at(-1)?.['ending'], 'shut-down');
  });
}
