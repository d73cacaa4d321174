import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryCertificate } from '@flotilla/conformance';
import { digestOf, nodePeer } from './node-peer.ts';
import { peerGateway } from './peer-gateway.ts';
import { programFor, run, temporaryFolder } from './programs.ts';

const large = 'h'.repeat(3_000_000);

test('curl is served over TLS, with HTTP/2 and with HTTP/1.1', async (t) => {
  const curl = programFor(t, 'curl');
  if (curl === undefined || programFor(t, 'openssl') === undefined) return;
  await using certificate = await temporaryCertificate('localhost');
  await using peer = await nodePeer();
  await using gateway = await peerGateway(peer.port, certificate);
  const file = join(temporaryFolder(t), 'body');
  writeFileSync(file, large);
  for (const [option, version] of [
    ['--http2', '2'],
    ['--http1.1', '1.1'],
  ] as const) {
    const ask = async (...args: string[]): Promise<string> => {
      const all = ['-sS', '--max-time', '30', '--cacert', certificate.certFile, option, ...args];
      const { status, stdout, stderr } = await run(curl, all);
      assert.equal(status, 0, stderr);
      return stdout;
    };
    assert.match(await ask('-i', `${gateway.secureUrl}/a?b=c`), new RegExp(`^HTTP/${version} 200[^]*GET /a\\?b=c 0$`));
    assert.equal((await ask(`${gateway.secureUrl}/large`)).length, 5_000_000);
    assert.match(await ask('-I', `${gateway.secureUrl}/a`), / 200/);
    assert.match(
      await ask('-i', '-T', file, `${gateway.secureUrl}/put`),
      new RegExp(`x-digest: ${digestOf(large)}`, 'i'),
    );
    assert.equal(await ask(`${gateway.secureUrl}/chunks`), '0;1;2;3;4;5;6;7;8;9;');
    assert.match(await ask(`${gateway.secureUrl}/events`), /event: last/);
  }
});

test('h2load sees no failure', async (t) => {
  const h2load = programFor(t, 'h2load');
  if (h2load === undefined || programFor(t, 'openssl') === undefined) return;
  await using certificate = await temporaryCertificate('localhost');
  await using peer = await nodePeer();
  await using gateway = await peerGateway(peer.port, certificate);
  const { status, stdout } = await run(h2load, ['-n2000', '-c4', '-m20', `${gateway.secureUrl}/a`]);
  assert.equal(status, 0);
  assert.match(stdout, /2000 succeeded, 0 failed, 0 errored, 0 timeout/);
  assert.match(stdout, /2000 2xx/);
});
