import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import { describe, it, type TestContext } from 'node:test';
import {
  CountRequestSchema,
  CountResponseSchema,
  type Echo,
  echoService,
  FrameClient,
  frameTypes,
  messagesIn,
  RawGrpcClient,
  requestFrame,
  SayRequestSchema,
  SumRequestSchema,
  serveGrpc,
  statusOfAnswer,
} from '@flotilla/conformance/grpc';
import { FakeClock, waitUntil } from '@flotilla/testing';
import type { GrpcLimits } from './call-limits.ts';
import type { GrpcCall } from './grpc-call.ts';
import type { Handlers } from './implement.ts';

const path = (method: string): string => `/flotilla.testing.Echo/${method}`;
const said = [requestFrame(SayRequestSchema, { text: 'hi' })];

async function serve(
  t: TestContext,
  handlers: Partial<Handlers<typeof Echo>>,
  limits: Partial<GrpcLimits> = {},
): Promise<{ port: number; client: RawGrpcClient; clock: FakeClock; metrics: () => string }> {
  const clock = new FakeClock();
  const { server, port, metrics } = await serveGrpc([echoService(handlers)], { clock, limits });
  const client = new RawGrpcClient(port);
  t.after(async () => {
    client.close();
    await server.close();
  });
  return { port, client, clock, metrics: () => metrics.render().body };
}

/** A handler that never answers, and what it is asked for. */
function silent(): { readonly say: Handlers<typeof Echo>['say']; readonly called: Promise<GrpcCall> } {
  const { promise, resolve } = Promise.withResolvers<GrpcCall>();
  return {
    called: promise,
    say: (_, call) => {
      resolve(call);
      return new Promise(() => undefined);
    },
  };
}

describe('the deadline of a call', () => {
  it('ends it on time, and tells its handler', async (t) => {
    const { say, called } = silent();
    const { client, clock, metrics } = await serve(t, { say });
    const answer = client.call({ path: path('Say'), headers: { 'grpc-timeout': '250m' }, chunks: said });
    const call = await called;
    const { signal } = call;
    assert.equal(call.leftMs(), 250);
    clock.advance(249);
    assert.equal(signal.aborted, false);
    clock.advance(1);
    assert.equal(signal.aborted, true);
    assert.equal(statusOfAnswer(await answer), 'DEADLINE_EXCEEDED');
    assert.match(metrics(), /rpc_server_call_duration_seconds_count\{.*rpc_response_status_code="DEADLINE_EXCEEDED"/);
  });

  it('is at most what the server allows', async (t) => {
    const { say, called } = silent();
    const { client, clock } = await serve(t, { say }, { maxCallMs: 1_000 });
    const answers = [{}, { 'grpc-timeout': '99999999H' }].map((headers) =>
      client.call({ path: path('Say'), headers, chunks: said }),
    );
    await called;
    // Whichever came second has begun, too.
    await waitUntil('both calls to have begun', () => clock.pendingDelaysMs.filter((ms) => ms === 1_000).length === 2);
    clock.advance(1_000);
    for (const answer of await Promise.all(answers)) assert.equal(statusOfAnswer(answer), 'DEADLINE_EXCEEDED');
  });

  it('also ends a call whose request does not arrive whole', async (t) => {
    const { client, clock } = await serve(t, {});
    const answer = client.call({
      path: path('Say'),
      headers: { 'grpc-timeout': '1S' },
      chunks: [Buffer.from([0, 0, 0])],
      end: false,
    });
    await waitUntil('the call to have begun', () => clock.pendingDelaysMs.includes(1_000));
    clock.advance(1_000);
    assert.equal(statusOfAnswer(await answer), 'DEADLINE_EXCEEDED');
  });

  it('ends an answer of many messages after those that were sent', async (t) => {
    const { client, clock } = await serve(t, {
      async *count() {
        yield { number: 1 };
        await new Promise(() => undefined);
      },
    });
    const stream = client.call({
      path: path('Count'),
      headers: { 'grpc-timeout': '1S' },
      chunks: [requestFrame(CountRequestSchema, { to: 9 })],
    });
    await waitUntil('the call to have begun', () => clock.pendingDelaysMs.includes(1_000));
    // The first message is on its way by then.
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1_000);
    const answer = await stream;
    assert.equal(statusOfAnswer(answer), 'DEADLINE_EXCEEDED');
    assert.equal(messagesIn(answer.body, CountResponseSchema).length, 1);
  });
});

describe('a caller that leaves', () => {
  it('ends the call for its handler, and counts as cancelled', async (t) => {
    const { say, called } = silent();
    const { client, metrics } = await serve(t, { say });
    const stream = client.session.request({
      ':method': 'POST',
      ':path': path('Say'),
      te: 'trailers',
      'content-type': 'application/grpc',
    });
    stream.on('error', () => undefined);
    stream.end(said[0]);
    const { signal } = await called;
    stream.close(constants.NGHTTP2_CANCEL);
    await waitUntil('the handler to be told', () => signal.aborted);
    assert.equal((signal.reason as { code?: string }).code, 'CLIENT_CLOSED_REQUEST');
    await waitUntil('the call to be counted', () => metrics().includes('rpc_response_status_code="CANCELLED"'));
  });

  it('does not end the requests that its handler reads as if they were complete', async (t) => {
    const [read, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()];
    const { client } = await serve(t, {
      async sum(requests) {
        try {
          for await (const _ of requests) read.resolve();
          ended.resolve('complete');
        } catch (error) {
          ended.resolve(error);
        }
        return {};
      },
    });
    const headers = { ':method': 'POST', ':path': path('Sum'), te: 'trailers', 'content-type': 'application/grpc' };
    const stream = client.session.request(headers);
    stream.on('error', () => undefined);
    stream.write(requestFrame(SumRequestSchema, { number: 1 }));
    await read.promise;
    client.close();
    assert.equal(((await ended.promise) as { code?: string }).code, 'CLIENT_CLOSED_REQUEST');
  });

  it('is told from one whose request is complete, however it leaves', async (t) => {
    const read = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<unknown>();
    const { port } = await serve(t, {
      async sum(requests) {
        try {
          for await (const _ of requests) read.resolve();
          ended.resolve('complete');
        } catch (error) {
          ended.resolve(error);
        }
        return {};
      },
    });
    const client = new FrameClient(port);
    t.after(() => client.socket.destroy());
    client.call(1, path('Sum'));
    client.send({ type: frameTypes.data, stream: 1, payload: requestFrame(SumRequestSchema, { number: 1 }) });
    await read.promise;
    client.send({ type: frameTypes.reset, stream: 1, payload: Buffer.from([0, 0, 0, 8]) });
    assert.equal(((await ended.promise) as { code?: string }).code, 'CLIENT_CLOSED_REQUEST');
  });
});

describe('a caller that does not read', () => {
  it('gets no more than fits, and loses the call after a while', async (t) => {
    let made = 0;
    let ended = false;
    const { client, clock } = await serve(t, {
      async *count() {
        try {
          for (; made < 100_000; made += 1) yield { number: made, filling: new Uint8Array(10_000) };
        } finally {
          ended = true;
        }
      },
    });
    const headers = { ':method': 'POST', ':path': path('Count'), te: 'trailers', 'content-type': 'application/grpc' };
    const stream = client.session.request(headers);
    stream.on('error', () => undefined);
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.end(requestFrame(CountRequestSchema, { to: 1 }));
    let before = -1;
    await waitUntil('the server to wait', () => {
      const waits = made === before && clock.pendingDelaysMs.includes(30_000);
      before = made;
      return waits;
    });
    assert.ok(made < 100, `${made} messages were made in advance`);
    clock.advance(30_000);
    await waitUntil('the handler to end', () => ended);
    stream.resume();
    await closed;
    assert.equal(stream.rstCode, constants.NGHTTP2_CANCEL);
  });

  it('loses an answer that is never taken at the deadline', async (t) => {
    const { client, clock } = await serve(t, { say: () => ({ text: 'x'.repeat(1_000_000) }) });
    const headers = { ':method': 'POST', ':path': path('Say'), te: 'trailers', 'content-type': 'application/grpc' };
    const stream = client.session.request({ ...headers, 'grpc-timeout': '5S' });
    stream.on('error', () => undefined);
    stream.end(said[0]);
    await new Promise((resolve) => stream.once('response', resolve));
    clock.advance(5_000);
    stream.resume();
    await new Promise((resolve) => stream.once('close', resolve));
    assert.equal(stream.rstCode, constants.NGHTTP2_CANCEL);
  });
});
