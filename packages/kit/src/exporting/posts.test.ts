import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { grpcPost } from './grpc-post.ts';
import { httpPost } from './http-post.ts';
import type { OtlpProtocol, OtlpTarget } from './otlp-target.ts';
import type { Post, PostResult } from './post.ts';

async function portOf(
  t: TestContext,
  server: Server | Http2Server | ReturnType<typeof createTcpServer>,
): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  // A server on TCP has an address of this kind once it listens.
  return (server.address() as AddressInfo).port;
}

function targetAt(url: string, protocol: OtlpProtocol): OtlpTarget {
  const headers = { authorization: 'Bearer x' };
  return { signal: 'traces', protocol, url: new URL(url), headers, timeoutMs: 1_000, gzip: false, tls: {} };
}

async function postTo(t: TestContext, port: number, protocol: OtlpProtocol, gzip = false): Promise<Post> {
  const target = { ...targetAt(`http://127.0.0.1:${port}/v1/traces`, protocol), gzip };
  const post = protocol === 'grpc' ? grpcPost(target) : await httpPost(target);
  t.after(() => post.close());
  return post;
}

interface Seen {
  readonly head: IncomingHttpHeaders;
  readonly body: Buffer;
}

function serveHttp(t: TestContext, answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      seen.push({ head: request.headers, body: Buffer.concat(parts) });
      answer(response, request);
    });
  });
  t.after(() => server.closeAllConnections());
  return portOf(t, server).then((port) => ({ port, seen }));
}

function serveStreams(t: TestContext, answer: (stream: ServerHttp2Stream) => void) {
  const seen: Seen[] = [];
  const server = createHttp2Server();
  server.on('session', (session) => t.after(() => session.destroy()));
  server.on('stream', (stream: ServerHttp2Stream, head: IncomingHttpHeaders) => {
    const parts: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      seen.push({ head, body: Buffer.concat(parts) });
      answer(stream);
    });
  });
  return portOf(t, server).then((port) => ({ port, seen }));
}

/** Ends a call of gRPC with this status, after these bytes. */
function endWith(stream: ServerHttp2Stream, status: string, text = '', bytes = Buffer.alloc(0)): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status, 'grpc-message': text }));
  stream.end(bytes);
}

const message = Buffer.from('the message');
const soon = (): AbortSignal => AbortSignal.timeout(200);
const failure = (result: PostResult): readonly unknown[] =>
  result.kind === 'sent' ? [result.kind] : [result.retry, result.reason];

describe('by HTTP', () => {
  it('a message goes with its headers and type, over one connection, compressed if asked', async (t) => {
    const { port, seen } = await serveHttp(t, (response) => response.writeHead(200).end('ok'));
    const plain = await postTo(t, port, 'http/protobuf');
    assert.deepEqual(await plain.send(message, soon()), { kind: 'sent', answer: Buffer.from('ok') });
    await (await postTo(t, port, 'http/json', true)).send(message, soon());
    const [first, second] = seen;
    assert.equal(first?.head['content-type'], 'application/x-protobuf');
    assert.equal(first?.head['authorization'], 'Bearer x');
    assert.deepEqual(first?.body, message);
    assert.equal(second?.head['content-type'], 'application/json');
    assert.equal(second?.head['content-encoding'], 'gzip');
    assert.deepEqual(gunzipSync(second?.body ?? ''), message);
  });

  it('statuses that may go away are tried again, others not, and Retry-After is heeded', async (t) => {
    let status = 0;
    const { port } = await serveHttp(t, (response) => response.writeHead(status, { 'retry-after': '7' }).end());
    const post = await postTo(t, port, 'http/protobuf');
    const results = [];
    for (status of [204, 302, 400, 413, 429, 500, 503]) results.push(await post.send(message, soon()));
    assert.deepEqual(
      results.map((result) => [...failure(result), result.kind === 'failed' ? result.afterMs : undefined]),
      [
        ['sent', undefined],
        [false, 'HTTP status 302', undefined],
        [false, 'HTTP status 400', undefined],
        [false, 'HTTP status 413', undefined],
        [true, 'HTTP status 429', 7_000],
        [false, 'HTTP status 500', undefined],
        [true, 'HTTP status 503', 7_000],
      ],
    );
  });

  it('a receiver that is silent, answers without end, cuts off or speaks no HTTP holds nothing up', async (t) => {
    const silent = await serveHttp(t, () => undefined);
    assert.equal((await (await postTo(t, silent.port, 'http/protobuf')).send(message, soon())).kind, 'failed');
    const endless = await serveHttp(t, (response) => {
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(65_536), () => setImmediate(more));
      };
      more();
    });
    const result = await (await postTo(t, endless.port, 'http/protobuf')).send(message, AbortSignal.timeout(10_000));
    assert.ok(result.kind === 'sent' && result.answer.length <= 65_536);
    const cut = await serveHttp(t, (response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('x', () => response.destroy());
    });
    assert.deepEqual((await (await postTo(t, cut.port, 'http/protobuf')).send(message, soon())).kind, 'failed');
    const noHttp = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH\r\n');
    });
    const nonsense = await (await postTo(t, await portOf(t, noHttp), 'http/protobuf')).send(message, soon());
    assert.equal(nonsense.kind, 'failed');
    const switching = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      );
    });
    const other = await (await postTo(t, await portOf(t, switching), 'http/protobuf')).send(message, soon());
    assert.equal(other.kind, 'failed');
    const nobody = await (await postTo(t, 1, 'http/protobuf')).send(message, soon());
    assert.match(String(failure(nobody)[1]), /ECONNREFUSED/);
  });
});

describe('by gRPC', () => {
  it('a message goes to its method with its metadata, compressed if asked', async (t) => {
    const { port, seen } = await serveStreams(t, (stream) => endWith(stream, '0', '', Buffer.from('\0\0\0\0\x02ok')));
    assert.deepEqual(await (await postTo(t, port, 'grpc')).send(message, soon()), {
      kind: 'sent',
      answer: Buffer.from('ok'),
    });
    await (await postTo(t, port, 'grpc', true)).send(message, soon());
    const [first, second] = seen;
    assert.equal(first?.head[':path'], '/opentelemetry.proto.collector.trace.v1.TraceService/Export');
    assert.equal(first?.head['authorization'], 'Bearer x');
    assert.deepEqual([first?.body[0], first?.body.readUInt32BE(1)], [0, message.length]);
    assert.deepEqual(first?.body.subarray(5), message);
    assert.equal(second?.head['grpc-encoding'], 'gzip');
    assert.equal(second?.body[0], 1);
    assert.deepEqual(gunzipSync(second?.body.subarray(5) ?? ''), message);
  });

  it('statuses that may go away are tried again, others not', async (t) => {
    let status = '';
    const { port } = await serveStreams(t, (stream) => endWith(stream, status, 'caf%C3%A9'));
    const post = await postTo(t, port, 'grpc');
    const results = [];
    for (status of ['14', '3', '8', '12', '4', '99']) results.push(failure(await post.send(message, soon())));
    assert.deepEqual(results, [
      [true, 'gRPC status UNAVAILABLE: café'],
      [false, 'gRPC status INVALID_ARGUMENT: café'],
      [false, 'gRPC status RESOURCE_EXHAUSTED: café'],
      [false, 'gRPC status UNIMPLEMENTED: café'],
      [true, 'gRPC status DEADLINE_EXCEEDED: café'],
      [false, 'gRPC status UNKNOWN: café'],
    ]);
  });

  it('a receiver that is silent, goes away or speaks no gRPC holds nothing up', async (t) => {
    const silent = await serveStreams(t, () => undefined);
    const post = await postTo(t, silent.port, 'grpc');
    assert.deepEqual(failure(await post.send(message, soon()))[0], true);
    // The next one gets a connection of its own.
    assert.deepEqual(failure(await post.send(message, soon()))[0], true);
    const page = await serveStreams(t, (stream) => stream.respond({ ':status': 404 }, { endStream: true }));
    assert.deepEqual(failure(await (await postTo(t, page.port, 'grpc')).send(message, soon())), [
      false,
      'HTTP status 404',
    ]);
    const http1 = await serveHttp(t, (response) => response.end());
    assert.equal((await (await postTo(t, http1.port, 'grpc')).send(message, soon())).kind, 'failed');
    const nobody = await (await postTo(t, 1, 'grpc')).send(message, soon());
    assert.match(String(failure(nobody)[1]), /ECONNREFUSED/);
    const reset = await serveStreams(t, (stream) => stream.close(2));
    assert.equal((await (await postTo(t, reset.port, 'grpc')).send(message, soon())).kind, 'failed');
  });

  it('a receiver that never answers the beginning of TLS holds nothing up', async (t) => {
    const silent = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      t.after(() => socket.destroy());
    });
    const post = grpcPost(targetAt(`https://127.0.0.1:${await portOf(t, silent)}`, 'grpc'));
    t.after(() => post.close());
    assert.equal(failure(await post.send(message, soon()))[0], true);
  });

  it('a certificate that is none is a failure, and rejects nothing', async () => {
    const tls = { cert: Buffer.from('no certificate'), key: Buffer.from('no key') };
    const post = grpcPost({ ...targetAt('https://127.0.0.1:1', 'grpc'), tls });
    const [retry, reason] = failure(await post.send(message, soon()));
    assert.equal(retry, false);
    assert.match(String(reason), /PEM/);
  });

  it('a receiver that has restarted is found again', async (t) => {
    const first = createHttp2Server();
    const answerAll = (server: Http2Server): unknown =>
      server.on('stream', (stream: ServerHttp2Stream) => {
        stream.resume();
        stream.on('end', () => endWith(stream, '0'));
      });
    answerAll(first);
    const sessions: { destroy(): void }[] = [];
    first.on('session', (session) => sessions.push(session));
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
    const { port } = first.address() as AddressInfo; // It listens on TCP.
    const post = await postTo(t, port, 'grpc');
    assert.equal((await post.send(message, soon())).kind, 'sent');
    for (const session of sessions) session.destroy();
    await new Promise((resolve) => first.close(resolve));
    assert.equal((await post.send(message, soon())).kind, 'failed');
    const second = createHttp2Server();
    answerAll(second);
    second.on('session', (session) => t.after(() => session.destroy()));
    await new Promise<void>((resolve) => second.listen(port, '127.0.0.1', resolve));
    t.after(() => void second.close());
    assert.equal((await post.send(message, soon())).kind, 'sent');
  });
});
