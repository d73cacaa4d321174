import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { grpcProbe } from './grpc-probe.ts';
import type { ProbeResult } from './probe.ts';

async function serving(t: TestContext, server: Http2Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // It listens on TCP.
}

function ask(port: number, service = ''): Promise<ProbeResult> {
  return grpcProbe({ target: { host: '127.0.0.1', port, tls: undefined }, service })({
    clock: systemClock,
    timeoutMs: 10_000,
    allowLinkLocal: false,
    signal: new AbortController().signal,
  });
}

/** Answers with a message, and the status after it. */
function answer(stream: ServerHttp2Stream, message: readonly number[], status = '0', text?: string): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () =>
    stream.sendTrailers({ 'grpc-status': status, ...(text === undefined ? {} : { 'grpc-message': text }) }),
  );
  stream.end(Buffer.from([0, 0, 0, 0, message.length, ...message]));
}

test('a server that says SERVING passes, and anything else it says is critical', async (t) => {
  let status = 1;
  const server = createServer();
  server.on('stream', (stream) => answer(stream, status === 0 ? [] : [0x08, status]));
  const port = await serving(t, server);
  const seen: ProbeResult[] = [];
  for (status of [1, 2, 0, 3]) seen.push(await ask(port));
  assert.deepEqual(seen, [
    { status: 'passing', output: 'The server says SERVING' },
    { status: 'critical', output: 'The server says NOT_SERVING' },
    { status: 'critical', output: 'The server says UNKNOWN' },
    { status: 'critical', output: 'The server says SERVICE_UNKNOWN' },
  ]);
});

test('the service that the check names is asked for', async (t) => {
  const asked: unknown[] = [];
  const server = createServer();
  server.on('stream', (stream, headers) => {
    stream.on('data', (chunk: Buffer) => asked.push(headers[':path'], chunk.subarray(7).toString()));
    stream.on('end', () => answer(stream, [0x08, 1]));
  });
  const port = await serving(t, server);
  assert.equal((await ask(port, 'shop.Orders')).output, 'The service shop.Orders says SERVING');
  assert.deepEqual(asked, ['/grpc.health.v1.Health/Check', 'shop.Orders']);
});

test('a server without the health service, or without the service, says what to do', async (t) => {
  let code = '12';
  const server = createServer();
  server.on('stream', (stream) => answer(stream, [], code, 'no%20luck'));
  const port = await serving(t, server);
  assert.match((await ask(port)).output, /does not offer grpc\.health\.v1\.Health: add its health service/);
  code = '5';
  assert.match((await ask(port, 'shop.Orders')).output, /shop\.Orders is not known to the server's health service/);
  code = '14';
  assert.deepEqual(await ask(port), {
    status: 'critical',
    output: 'Health/Check fails with gRPC status 14: no luck',
  });
});

test('an answer that is no health answer is critical', async (t) => {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.respond({ ':status': 404 });
    stream.end('not here');
  });
  assert.deepEqual(await ask(await serving(t, server)), {
    status: 'critical',
    output: 'Answers with HTTP status 404: no gRPC server',
  });
});

test('an answer with more fields than are known is understood', async (t) => {
  const server = createServer();
  server.on('stream', (stream) => answer(stream, [0x12, 2, 65, 66, 0x08, 1, 0x18, 5]));
  assert.equal((await ask(await serving(t, server))).status, 'passing');
});

test('a server that speaks HTTP/1.1 is critical, and does not hang the probe', async (t) => {
  const { createServer: createHttpServer } = await import('node:http');
  const server = createHttpServer((_, response) => response.end());
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { status } = await ask((server.address() as AddressInfo).port); // It listens on TCP.
  assert.equal(status, 'critical');
});
