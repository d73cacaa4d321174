import assert from 'node:assert/strict';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import {
  type Echo,
  echoService,
  FrameClient,
  frameTypes,
  RawGrpcClient,
  requestFrame,
  SayRequestSchema,
  type ServedGrpc,
  serveGrpc,
  statusOfAnswer,
} from '@flotilla/conformance/grpc';
import { FakeClock, waitUntil } from '@flotilla/testing';
import type { GrpcLimits } from './call-limits.ts';
import type { Handlers } from './implement.ts';

const say = '/flotilla.testing.Echo/Say';
const said = [requestFrame(SayRequestSchema, { text: 'hi' })];

async function serve(
  t: TestContext,
  handlers: Partial<Handlers<typeof Echo>> = {},
  limits: Partial<GrpcLimits> = {},
): Promise<ServedGrpc & { client: RawGrpcClient; clock: FakeClock }> {
  const clock = new FakeClock();
  const served = await serveGrpc([echoService(handlers)], { clock, limits });
  const client = new RawGrpcClient(served.port);
  t.after(async () => {
    client.close();
    await served.server.close();
  });
  return { ...served, client, clock };
}

const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

describe('a connection', () => {
  it('is closed when it was idle for a while, so that the next call opens another', async (t) => {
    const { client, clock } = await serve(t);
    assert.equal(statusOfAnswer(await client.call({ path: say, chunks: said })), 'OK');
    const gone = new Promise((resolve) => client.session.once('close', resolve));
    for (let elapsedMs = 0; elapsedMs < 300_000; elapsedMs += 5_000) {
      clock.advance(5_000);
      // The answers to pings arrive meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await gone;
  });

  it('stays open for a call, however long it takes', async (t) => {
    const answered = Promise.withResolvers<void>();
    const { client, clock } = await serve(t, {
      async *count() {
        await answered.promise;
        yield { number: 1 };
      },
    });
    const call = client.call({ path: '/flotilla.testing.Echo/Count', chunks: [requestFrame(SayRequestSchema, {})] });
    await waitUntil('the server to look after it', () => clock.pendingDelaysMs.length > 0);
    for (let elapsedMs = 0; elapsedMs < 900_000; elapsedMs += 5_000) {
      clock.advance(5_000);
      await new Promise((resolve) => client.session.ping(resolve));
    }
    answered.resolve();
    assert.equal(statusOfAnswer(await call), 'OK');
  });

  it('is closed when the caller does not answer a ping', async (t) => {
    const { port, clock } = await serve(t);
    const silent = new FrameClient(port);
    const gone = closed(silent.socket);
    await silent.frame(({ type }) => type === frameTypes.settings);
    for (let elapsedMs = 0; elapsedMs <= 80_000; elapsedMs += 5_000) clock.advance(5_000);
    await gone;
  });

  it('is closed if it speaks no HTTP/2', async (t) => {
    const { port, client } = await serve(t);
    for (const text of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\x16\x03\x01\x02\x00\x01', 'hello\r\n'.repeat(9)]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(text);
      socket.resume();
      await closed(socket);
    }
    assert.equal(statusOfAnswer(await client.call({ path: say, chunks: said })), 'OK');
  });

  it('is rid of a call that its caller resets without error', async (t) => {
    const { port, server, clock } = await serve(t);
    const client = new FrameClient(port);
    t.after(() => client.socket.destroy());
    // The caller takes 100 bytes of each answer, so that most of it waits.
    client.send({ type: frameTypes.settings, payload: Buffer.from([0, 4, 0, 0, 0, 100]) });
    client.call(1, '/flotilla.testing.Echo/Chat');
    const message = requestFrame(SayRequestSchema, { text: 'x'.repeat(1_000) });
    for (let count = 0; count < 20; count += 1) client.send({ type: frameTypes.data, stream: 1, payload: message });
    await client.frame(({ type }) => type === frameTypes.data);
    client.send({ type: frameTypes.reset, stream: 1, payload: Buffer.alloc(4) });
    client.send({ type: frameTypes.ping, payload: Buffer.alloc(8) });
    await client.frame(({ type, flags }) => type === frameTypes.ping && flags === 1);
    clock.advance(5_000);
    await server.drain(AbortSignal.timeout(5_000));
  });

  it('carries no more calls at a time than allowed', async (t) => {
    let running = 0;
    let most = 0;
    const { client } = await serve(
      t,
      {
        async say({ text }) {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          return { text };
        },
      },
      { maxConcurrentCalls: 3 },
    );
    await new Promise((resolve) => client.session.once('remoteSettings', resolve));
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.call({ path: say, chunks: said })));
    assert.ok(answers.every((answer) => statusOfAnswer(answer) === 'OK'));
    assert.ok(most <= 3, `${most} at a time`);
  });

  it('refuses a call with too much metadata, and carries others', async (t) => {
    const { client, port } = await serve(t);
    // Sent whatever the server has said about what it accepts.
    const careless = connectHttp2(`http://127.0.0.1:${port}`, { maxSendHeaderBlockLength: 100_000 });
    t.after(() => careless.destroy());
    careless.on('error', () => undefined);
    await new Promise((resolve) => careless.once('remoteSettings', resolve));
    const headers = {
      ':method': 'POST',
      ':path': say,
      'content-type': 'application/grpc',
      'x-long': 'x'.repeat(20_000),
    };
    const stream = careless.request(headers);
    stream.on('error', () => undefined);
    stream.resume();
    stream.end(said[0]);
    await new Promise((resolve) => stream.once('close', resolve));
    assert.ok(stream.rstCode !== constants.NGHTTP2_NO_ERROR, 'it is refused');
    assert.equal(statusOfAnswer(await client.call({ path: say, chunks: said })), 'OK');
  });
});

describe('a gRPC server that drains', () => {
  it('answers the calls in progress, and says which are the last', async (t) => {
    const answered = Promise.withResolvers<void>();
    let begun = 0;
    const { port, server } = await serve(t, {
      async say({ text }) {
        begun += 1;
        await answered.promise;
        return { text };
      },
    });
    const client = new FrameClient(port);
    t.after(() => client.socket.destroy());
    client.call(1, say, said[0]);
    await waitUntil('the call to have begun', () => begun === 1);
    const drained = server.drain(new AbortController().signal);
    const { payload } = await client.frame(({ type }) => type === frameTypes.goaway);
    assert.deepEqual([payload.readUInt32BE(0), payload.readUInt32BE(4)], [1, constants.NGHTTP2_NO_ERROR]);
    client.call(3, say, said[0]);
    answered.resolve();
    await client.frame(({ type, stream }) => type === frameTypes.data && stream === 1);
    await drained;
    assert.equal(begun, 1, 'the caller knows that its second call has not begun');
  });

  it('gives up when its time is over', async (t) => {
    const begun = Promise.withResolvers<void>();
    const { client, server } = await serve(t, {
      say: () => {
        begun.resolve();
        return new Promise(() => undefined);
      },
    });
    const call = client.call({ path: say, chunks: said });
    await begun.promise;
    const over = new AbortController();
    const drained = server.drain(over.signal);
    over.abort();
    await assert.rejects(drained, /Calls were still in progress/);
    await server.close();
    assert.notEqual(statusOfAnswer(await call), 'OK');
  });

  it('accepts no connection, and needs none to be done', async (t) => {
    const { server, port, client } = await serve(t);
    await client.call({ path: say, chunks: said });
    await server.drain(new AbortController().signal);
    const socket = connect(port, '127.0.0.1');
    const [error] = await new Promise<unknown[]>((resolve) => socket.once('error', (...args) => resolve(args)));
    assert.equal((error as { code?: string }).code, 'ECONNREFUSED');
  });
});
