import assert from 'node:assert/strict';
import { constants, createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { FakeDiscovery } from '@flotilla/conformance';
import { Echo, echoService, type ServedGrpc, serveGrpc } from '@flotilla/conformance/grpc';
import { AppError, defineErrors, isAppError, systemClock } from '@flotilla/contracts';
import { TraceIds } from '../../telemetry/index.ts';
import type { GrpcCall } from '../server/grpc-call.ts';
import type { Handlers } from '../server/implement.ts';
import { frameOf } from '../wire/frames.ts';
import { createGrpcCaller, type GrpcCallerOptions, type GrpcClient } from './grpc-caller.ts';

const errors = defineErrors('echo', {
  ECHO_UNAVAILABLE: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'Nobody echoes', 'zh-CN': '没有回声' },
    cause: 'A test.',
    action: 'None.',
  },
  ECHO_LOST: {
    status: 409,
    grpc: 'ALREADY_EXISTS',
    retryable: false,
    message: { en: 'The echo {name} is lost', 'zh-CN': '回声 {name} 丢失' },
    cause: 'A test.',
    action: 'None.',
  },
});

async function serve(t: TestContext, handlers: Partial<Handlers<typeof Echo>> = {}): Promise<ServedGrpc> {
  const served = await serveGrpc([echoService(handlers)]);
  t.after(() => served.server.close());
  return served;
}

function clientOf(
  t: TestContext,
  ports: readonly number[],
  options: Partial<GrpcCallerOptions> = {},
): GrpcClient<typeof Echo> {
  const discovery = new FakeDiscovery();
  discovery.set(
    'echo',
    ports.map((port) => ({ address: '127.0.0.1', port: 1, metadata: { grpc_port: String(port) } })),
  );
  const unavailable = errors.ECHO_UNAVAILABLE;
  const caller = createGrpcCaller({ discovery, clock: systemClock, service: 'echo', unavailable, ...options });
  t.after(() => caller.close());
  return caller.client(Echo);
}

const isUnavailable = (error: unknown): boolean =>
  isAppError(error, errors.ECHO_UNAVAILABLE) && error.retryAfterMs === 1_000;

/** Speaks HTTP/2, but is no gRPC server of ours. */
async function serveStreams(t: TestContext, answer: (stream: ServerHttp2Stream) => void): Promise<number> {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    answer(stream);
  });
  server.on('session', (session) => t.after(() => session.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  // A server on TCP has an address of this kind once it listens.
  return (server.address() as AddressInfo).port;
}

describe('a gRPC client', () => {
  it('calls a method for somebody, whose ids, language and remaining time go along', async (t) => {
    let seen: GrpcCall | undefined;
    const { port } = await serve(t, {
      say: ({ text, id }, call) => {
        seen = call;
        return { text, id };
      },
    });
    const trace = new TraceIds().newTrace();
    const outgoing = {
      requestId: 'r-1',
      trace,
      locale: 'zh-CN',
      leftMs: () => 500,
      headers: { 'idempotency-key': 'k' },
    } as const;
    const said = await clientOf(t, [port]).say({ text: '商品', id: 2n ** 53n + 1n }, outgoing);
    assert.deepEqual([said.text, said.id], ['商品', 2n ** 53n + 1n]);
    assert.deepEqual([seen?.requestId, seen?.trace.traceId, seen?.locale], ['r-1', trace.traceId, 'zh-CN']);
    assert.equal(seen?.metadata.get('idempotency-key'), 'k');
    const leftMs = seen?.leftMs() ?? Number.NaN;
    assert.ok(leftMs <= 501, `${leftMs} ms`);
  });

  it('throws the error that the service threw: code, status, texts, fields and when to try again', async (t) => {
    const { port } = await serve(t, {
      say: ({ text }) => {
        const fields = [{ field: '/text', code: 'TOO_LONG', parameters: { max: 3 } }] as const;
        throw new AppError(errors.ECHO_LOST, {
          parameters: { name: text },
          fields,
          retryAfterMs: 1_500,
          detail: 'Why.',
        });
      },
    });
    const client = clientOf(t, [port]);
    const error = await client.say({ text: '{x}' }, { locale: 'zh-CN' }).catch((thrown: unknown) => thrown);
    assert.ok(isAppError(error, errors.ECHO_LOST));
    assert.equal(error.status, 409);
    assert.equal(error.kind.grpc, 'ALREADY_EXISTS');
    assert.equal(error.messageIn('zh-CN'), '回声 {x} 丢失');
    assert.equal(error.detail, 'Why.');
    assert.equal(error.retryAfterMs, 1_500);
    assert.deepEqual(error.fields, [{ field: 'text', code: 'TOO_LONG', message: '最多 3 个字符' }]);
  });

  it('has an error of the core for the status of any other program', async (t) => {
    for (const [status, code] of [
      ['5', 'NOT_FOUND'],
      ['3', 'INVALID_REQUEST'],
      ['7', 'FORBIDDEN'],
      ['8', 'TOO_MANY_REQUESTS'],
      ['16', 'UNAUTHENTICATED'],
    ] as const) {
      const port = await serveStreams(t, (stream) =>
        stream.respond(
          {
            ':status': 200,
            'content-type': 'application/grpc',
            'grpc-status': status,
            'grpc-message': 'caf%C3%A9 %zz',
          },
          { endStream: true },
        ),
      );
      const error = await clientOf(t, [port])
        .say({})
        .catch((thrown: unknown) => thrown);
      assert.ok(isAppError(error) && error.code === code, String(error));
      assert.equal(error.detail, 'café %zz');
    }
  });

  it('goes on to another instance after a refused connection and after a failure', async (t) => {
    const failing = await serve(t, {
      say: () => {
        throw new AppError('STORAGE_UNAVAILABLE');
      },
    });
    const good = await serve(t);
    // Port 1 is never listened on.
    const client = clientOf(t, [1, failing.port, good.port]);
    for (let i = 0; i < 3; i += 1) assert.equal((await client.say({ text: 'hi' })).text, 'hi');
  });

  it('does not repeat what may have been carried out, unless its caller allows it', async (t) => {
    let calls = 0;
    const fail = (): never => {
      calls += 1;
      throw new AppError('STORAGE_UNAVAILABLE');
    };
    const [one, other] = [await serve(t, { add: fail }), await serve(t, { add: fail })];
    const client = clientOf(t, [one.port, other.port]);
    await assert.rejects(client.add({}), isUnavailable);
    assert.equal(calls, 1);
    await assert.rejects(client.add({}, { headers: { 'idempotency-key': 'k-1' } }), isUnavailable);
    assert.equal(calls, 3);
    await assert.rejects(client.add({}, { repeatable: true }), isUnavailable);
    assert.equal(calls, 5);
  });

  it('sends what must not be repeated to another instance if the first cannot have begun', async (t) => {
    const good = await serve(t);
    const refusing = await serveStreams(t, (stream) => stream.close(7));
    const client = clientOf(t, [1, refusing, good.port]);
    for (let i = 0; i < 3; i += 1) assert.equal((await client.add({ text: 'hi' })).text, 'hi');
  });

  it('asks another instance if one does not know the method', async (t) => {
    const old = await serveGrpc([]);
    t.after(() => old.server.close());
    const { port } = await serve(t);
    const client = clientOf(t, [old.port, port]);
    for (let i = 0; i < 2; i += 1) assert.equal((await client.add({ text: 'hi' })).text, 'hi');
  });

  it('leaves an instance that hangs, and tells it', async (t) => {
    const aborted = Promise.withResolvers<void>();
    const hanging = await serve(t, {
      say: (_, call) =>
        new Promise((_resolve, reject) =>
          call.signal.addEventListener('abort', () => {
            aborted.resolve();
            reject(call.signal.reason as Error);
          }),
        ),
    });
    const good = await serve(t);
    // Long enough for the good one on a busy machine.
    const client = clientOf(t, [good.port, hanging.port], { attemptTimeoutMs: 1_000 });
    for (let i = 0; i < 2; i += 1) assert.equal((await client.say({ text: 'hi' })).text, 'hi');
    await aborted.promise;
  });

  it('stops reading an answer that goes on after its message', async (t) => {
    const ended = Promise.withResolvers<number | undefined>();
    const port = await serveStreams(t, (stream) => {
      stream.on('close', () => ended.resolve(stream.rstCode));
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      // The answer never ends.
      stream.write(Buffer.concat([frameOf(new Uint8Array()), frameOf(new Uint8Array())]));
    });
    const options = { maxAttempts: 1, attemptTimeoutMs: 60_000, deadlineMs: 60_000 };
    const error = await clientOf(t, [port], options)
      .say({ text: 'a' })
      .catch((thrown: unknown) => thrown);
    assert.ok(isUnavailable(error) && error instanceof Error);
    assert.match(String(error.cause), /does not have exactly one message/);
    assert.equal(await ended.promise, constants.NGHTTP2_CANCEL);
  });

  it('calls what makes no message a mistake of its caller, and passes over an address that is none', async (t) => {
    const { port } = await serve(t);
    const wrong = clientOf(t, [port]).say({ id: 1.5 as unknown as bigint });
    await assert.rejects(wrong, (error: Error) => !isAppError(error) && /valid request/.test(error.message));
    const discovery = new FakeDiscovery();
    const metadata = { grpc_port: String(port) };
    discovery.set('echo', [
      { address: 'no host', port: 1, metadata },
      { address: '127.0.0.1', port: 1, metadata },
    ]);
    const { ECHO_UNAVAILABLE: unavailable } = errors;
    const caller = createGrpcCaller({ discovery, clock: systemClock, service: 'echo', unavailable });
    t.after(() => caller.close());
    for (let turn = 0; turn < 2; turn += 1) assert.equal((await caller.client(Echo).say({ text: 'a' })).text, 'a');
  });

  it('ends with its caller', async (t) => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<GrpcCall>();
    const { port } = await serve(t, {
      say: (_, call) => {
        begin(call);
        return new Promise(() => undefined);
      },
    });
    const stop = new AbortController();
    const call = clientOf(t, [port]).say({}, { signal: stop.signal });
    const { signal } = await begun;
    stop.abort();
    await assert.rejects(call, { code: 'CLIENT_CLOSED_REQUEST' });
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });

  it('opens a new connection when a server is back', async (t) => {
    const first = await serveGrpc([echoService()]);
    const client = clientOf(t, [first.port]);
    await client.say({});
    await first.server.close();
    await assert.rejects(client.say({}), isUnavailable);
    const again = await serveGrpc([echoService()], { port: first.port });
    t.after(() => again.server.close());
    await client.say({});
  });

  it('loses no call when a server that it calls drains', async (t) => {
    const leaving = await serve(t);
    const { port } = await serve(t);
    const client = clientOf(t, [leaving.port, port]);
    let stop = false;
    let done = 0;
    const load = Array.from({ length: 8 }, async () => {
      while (!stop) {
        await client.add({ text: 'hi' });
        done += 1;
      }
    });
    while (done < 50) await new Promise((resolve) => setImmediate(resolve));
    await leaving.server.drain(AbortSignal.timeout(5_000));
    await leaving.server.close();
    stop = true;
    await Promise.all(load);
  });

  for (const [what, answer] of [
    ['no gRPC', (stream: ServerHttp2Stream) => stream.respond({ ':status': 404 }, { endStream: true })],
    ['no status', (stream: ServerHttp2Stream) => stream.respond({ ':status': 200 }, { endStream: true })],
    [
      'no message',
      (stream: ServerHttp2Stream) => stream.respond({ ':status': 200, 'grpc-status': '0' }, { endStream: true }),
    ],
    [
      'a message that is too large',
      (stream: ServerHttp2Stream) => {
        stream.respond({ ':status': 200 });
        stream.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff]));
      },
    ],
    ['a reset', (stream: ServerHttp2Stream) => stream.close(2)],
  ] as const)
    it(`counts ${what} as a failure`, async (t) => {
      const port = await serveStreams(t, answer);
      await assert.rejects(clientOf(t, [port]).say({}), isUnavailable);
    });

  it('says why there is nobody to call', async (t) => {
    const discovery = new FakeDiscovery();
    const unavailable = errors.ECHO_UNAVAILABLE;
    const caller = createGrpcCaller({ discovery, clock: systemClock, service: 'echo', unavailable });
    t.after(() => caller.close());
    discovery.set('echo', []);
    assert.throws(() => caller.check(), /no instance of echo is registered/);
    await assert.rejects(caller.client(Echo).say({}), isUnavailable);
    discovery.set('echo', [{ address: '127.0.0.1', port: 8001 }]);
    assert.throws(() => caller.check(), /no instance of echo offers gRPC: none has grpc_port in its metadata/);
  });
});
