import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { temporaryCertificate } from '@flotilla/conformance';
import { AppError } from '@flotilla/contracts';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { z } from 'zod';
import type { FailedCall } from './call-service.ts';
import { createHttpClient } from './http-client.ts';

const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
});

async function http(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closers.push(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // Listening on TCP.
}

async function tcp(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    onSocket(socket);
  });
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // Listening on TCP.
}

const client = createHttpClient();
closers.push(() => client.close());
const { callService, tryService } = client;

const schema = z.object({ id: z.number() });

describe('tryService', () => {
  it('returns the expected value and passes the ids on', async () => {
    const seen: Record<string, unknown> = {};
    const baseUrl = await http((request, response) => {
      Object.assign(seen, request.headers, { method: request.method, url: request.url });
      request.resume().on('end', () => response.end('{"id":1}'));
    });
    const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true, tracestate: 'x=y' };
    const result = await tryService({
      baseUrl,
      path: '/u?id=1',
      method: 'POST',
      body: { a: 1 },
      trace,
      requestId: 'r',
      schema,
    });
    assert.deepEqual(result.kind === 'ok' && result.value, { id: 1 });
    const { method, url, traceparent, tracestate } = seen;
    assert.deepEqual([method, url, seen['x-request-id']], ['POST', '/u?id=1', 'r']);
    assert.deepEqual([traceparent, tracestate], [`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, 'x=y']);
    assert.equal(seen['content-length'], '7');
  });

  it('calls over TLS as well, and treats an untrusted certificate as a failed connection', async (t) => {
    await using certificate = await temporaryCertificate('localhost');
    const [key, cert] = [readFileSync(certificate.keyFile), readFileSync(certificate.certFile, 'utf8')];
    const server = createSecureServer({ key, cert }, (_request, response) => response.end('{"id":1}'));
    t.after(() => server.close().closeAllConnections());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `https://localhost:${(server.address() as AddressInfo).port}`; // Listening on TCP.
    assert.equal((await tryService({ baseUrl, path: '/', schema })).kind, 'refused');
    const trusted = getCACertificates();
    t.after(() => setDefaultCACertificates(trusted));
    setDefaultCACertificates([...trusted, cert]);
    const result = await createHttpClient().tryService({ baseUrl, path: '/', schema });
    assert.deepEqual(result.kind === 'ok' && result.value, { id: 1 }, JSON.stringify(result));
  });

  it('never throws, whatever its options', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const baseUrl = 'http://127.0.0.1:1';
    const bad: readonly Parameters<typeof tryService>[0][] = [
      { baseUrl: 'nonsense', path: '/' },
      { baseUrl: 'ftp://127.0.0.1', path: '/' },
      { baseUrl, path: 'http://[' },
      { baseUrl, path: '/', body: circle },
      { baseUrl, path: '/', body: 1n },
      { baseUrl, path: '/', headers: { 'x-a': 'b\r\nc: d' } },
      { baseUrl, path: '/', headers: { 'bad name': 'b' } },
      { baseUrl, path: '/', requestId: '\u0000' },
    ];
    for (const options of bad) assert.equal((await tryService(options)).kind, 'unsendable', String(options.path));
    await assert.rejects(callService({ baseUrl: 'nonsense', path: '/' }), { code: 'INTERNAL' });
  });

  it('returns any other status with the code of its problem', async () => {
    const baseUrl = await http((_request, response) => response.writeHead(404).end('{"code":"NO_SUCH_CART"}'));
    const result = await tryService({ baseUrl, path: '/' });
    assert.deepEqual(
      [result.kind, result.kind === 'status' && [result.status, result.code]],
      ['status', [404, 'NO_SUCH_CART']],
    );
    const plain = await http((_request, response) => response.writeHead(500).end('<html>'));
    const other = await tryService({ baseUrl: plain, path: '/' });
    assert.equal(other.kind === 'status' && other.code, undefined);
  });

  it('distinguishes a refused connection from a lost one', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // Listening on TCP.
    await new Promise((resolve) => server.close(resolve));
    assert.equal((await tryService({ baseUrl: `http://127.0.0.1:${port}`, path: '/' })).kind, 'refused');
    const breaks = await tcp((socket) => socket.once('data', () => socket.destroy()));
    assert.equal((await tryService({ baseUrl: breaks, path: '/' })).kind, 'reset');
  });

  it('reports an answer that switches to another protocol, after which nobody says anything', async () => {
    const baseUrl = await tcp((socket) =>
      socket.write('HTTP/1.1 101 Odd\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    );
    assert.equal((await tryService({ baseUrl, path: '/', schema })).kind, 'reset');
  });

  it('reports an answer that ends early as a reset', async () => {
    const baseUrl = await tcp((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')),
    );
    assert.equal((await tryService({ baseUrl, path: '/', schema })).kind, 'reset');
  });

  it('reports an answer as invalid if it is not HTTP, not JSON or not as expected', async () => {
    const noHttp = await tcp((socket) => socket.once('data', () => socket.end('hello\r\n\r\n')));
    assert.equal((await tryService({ baseUrl: noHttp, path: '/' })).kind, 'invalid');
    const brokenChunk = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n';
    const halfHttp = await tcp((socket) => socket.once('data', () => socket.write(brokenChunk)));
    assert.equal((await tryService({ baseUrl: halfHttp, path: '/' })).kind, 'invalid');
    for (const body of ['<html>', '{"id":"1"}', '']) {
      const baseUrl = await http((_request, response) => response.end(body));
      assert.equal((await tryService({ baseUrl, path: '/', schema })).kind, 'invalid', body);
    }
  });

  it('refuses an answer that is too large', async () => {
    const baseUrl = await http((_request, response) => response.end('x'.repeat(2000)));
    const result = await tryService({ baseUrl, path: '/', maxBodyBytes: 1000 });
    assert.match(result.kind === 'invalid' ? result.reason : '', /larger than 1000 bytes/);
  });

  it('gives up at the deadline of the whole call, even during the answer', async () => {
    const clock = new FakeClock();
    let started = false;
    const baseUrl = await http((_request, response) => {
      response.write('{');
      started = true;
    });
    const call = tryService({ baseUrl, path: '/', timeoutMs: 300, clock });
    await waitUntil('the server to have begun its answer', () => started);
    clock.advance(299);
    assert.deepEqual(clock.pendingDelaysMs, [1]);
    clock.advance(1);
    assert.deepEqual(await call, { kind: 'timeout', timeoutMs: 300 });
  });

  it('stops when its caller does, and tells the other side', async () => {
    const controller = new AbortController();
    let gone = false;
    const baseUrl = await http((_request, response) => {
      response.on('close', () => (gone = true));
      controller.abort(new Error('enough'));
    });
    const result = await tryService({ baseUrl, path: '/', signal: controller.signal });
    assert.equal(result.kind, 'cancelled');
    await waitUntil('the server to notice', () => gone);
    assert.equal((await tryService({ baseUrl, path: '/', signal: controller.signal })).kind, 'cancelled');
  });
});

describe('callService', () => {
  it('throws the error that the caller makes of the failure', async () => {
    const baseUrl = await http((_request, response) => response.writeHead(404).end('{"code":"NO_SUCH_CART"}'));
    const mapError = (failure: FailedCall) =>
      new AppError(failure.kind === 'status' && failure.status === 404 ? 'NOT_FOUND' : 'STORAGE_UNAVAILABLE');
    await assert.rejects(callService({ baseUrl, path: '/', mapError }), { code: 'NOT_FOUND' });
  });

  it('has a default error for each kind of failure', async () => {
    const statuses = { 503: 'SERVICE_UNAVAILABLE', 429: 'SERVICE_UNAVAILABLE', 500: 'BAD_GATEWAY', 404: 'BAD_GATEWAY' };
    for (const [status, code] of Object.entries(statuses)) {
      const baseUrl = await http((_request, response) => response.writeHead(Number(status)).end());
      await assert.rejects(callService({ baseUrl, path: '/' }), { code }, status);
    }
    const broken = await tcp((socket) => socket.destroy());
    await assert.rejects(callService({ baseUrl: broken, path: '/' }), { code: 'SERVICE_UNAVAILABLE' });
  });
});

describe('createHttpClient', () => {
  it('reuses a connection', async () => {
    const ports = new Set<number | undefined>();
    const baseUrl = await http((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{"id":1}');
    });
    for (let index = 0; index < 3; index++) await callService({ baseUrl, path: '/', schema });
    assert.equal(ports.size, 1);
  });

  it('retries a safe request once if a kept connection turns out to be closed', async () => {
    const seen: string[] = [];
    // Each connection answers once and is closed at the next request.
    const baseUrl = await tcp((socket) => {
      let requests = 0;
      socket.on('data', (bytes) => {
        seen.push(bytes.toString('latin1').split(' ', 1)[0] ?? '');
        requests += 1;
        if (requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n{"id":1}');
        else socket.destroy();
      });
    });
    const call = (method: 'GET' | 'POST') => tryService({ baseUrl, path: '/', method, schema });
    const kept = await Promise.all([call('GET'), call('GET'), call('GET')]);
    assert.deepEqual(
      kept.map(({ kind }) => kind),
      ['ok', 'ok', 'ok'],
    );
    assert.equal((await call('GET')).kind, 'ok', 'on a kept connection, and again on a new one, not the next kept');
    assert.equal((await call('POST')).kind, 'reset', 'it may have been acted on');
    assert.deepEqual(seen, ['GET', 'GET', 'GET', 'GET', 'GET', 'POST']);
  });
});
