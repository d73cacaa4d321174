import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import { temporaryCertificate } from '@flotilla/conformance';
import { systemClock } from '@flotilla/contracts';
import { freePort } from '@flotilla/testing';
import { certificateOf } from './read-certificate.ts';

test('a certificate is read also if nobody trusts it, and a server that is away has none', async (t) => {
  await using certificate = await temporaryCertificate('shop');
  const [cert, key] = [await readFile(certificate.certFile), await readFile(certificate.keyFile)];
  const server = createServer({ cert, key });
  // Whoever has seen enough leaves.
  server.on('tlsClientError', () => undefined);
  server.on('secureConnection', (socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  // A server on TCP has an address of this kind once it listens.
  const { port } = server.address() as AddressInfo;
  const { subject, endsMs } = await certificateOf(new URL(`https://localhost:${port}`), systemClock);
  assert.equal(subject, `localhost:${port}`);
  const days = (endsMs - Date.now()) / 86_400_000;
  assert.ok(days > 1.9 && days < 2.1, `${days} days`);
  await assert.rejects(certificateOf(new URL(`https://127.0.0.1:${await freePort()}`), systemClock));
});
