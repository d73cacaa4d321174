import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { temporaryCertificate } from '@flotilla/conformance';
import { systemClock } from '@flotilla/contracts';
import type { ProbeResult } from './probe.ts';
import { type ProbeDefinition, probeOf } from './probe-of.ts';

async function certificate(): Promise<{ readonly cert: Buffer; readonly key: Buffer }> {
  await using files = await temporaryCertificate('localhost');
  return { cert: await readFile(files.certFile), key: await readFile(files.keyFile) };
}

async function listening(t: TestContext, server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // It listens on TCP.
}

function ask(definition: ProbeDefinition, port: number): Promise<ProbeResult> {
  return probeOf(definition, { address: '127.0.0.1', port })({
    clock: systemClock,
    timeoutMs: 10_000,
    allowLinkLocal: false,
    signal: new AbortController().signal,
  });
}

test('a certificate that nobody has signed is critical and says so, unless it is not to be checked', async (t) => {
  const port = await listening(
    t,
    createServer(await certificate(), (_, response) => void response.end('ok')),
  );
  const url = `https://127.0.0.1:${port}/`;
  const refused = await ask({ type: 'http', url }, port);
  assert.equal(refused.status, 'critical');
  assert.match(refused.output, /No TLS connection to 127\.0\.0\.1:\d+: .*self-signed certificate/);
  assert.equal((await ask({ type: 'http', url, tls_skip_verify: true }, port)).status, 'passing');
});

test('a gRPC server with TLS is asked with TLS, without the check of its certificate if that is not wanted', async (t) => {
  const server = createSecureServer(await certificate());
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]));
  });
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // It listens on TCP.
  assert.match((await ask({ type: 'grpc', tls: true }, port)).output, /self-signed certificate/);
  assert.deepEqual(await ask({ type: 'grpc', tls: true, tls_skip_verify: true }, port), {
    status: 'passing',
    output: 'The server says SERVING',
  });
  assert.equal((await ask({ type: 'grpc' }, port)).status, 'critical');
});
