import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ntlmPeer } from './ntlm-peer.ts';
import { peerGateway } from './peer-gateway.ts';
import { programFor, run } from './programs.ts';

test('curl logs in with NTLM through the gateway, many users at a time on two instances, and nobody is taken for another', async (t) => {
  const curl = programFor(t, 'curl');
  if (curl === undefined) return;
  if (!/^Features:.* NTLM /m.test((await run(curl, ['-V'])).stdout)) return t.skip('curl has no NTLM');
  await using one = await ntlmPeer();
  await using other = await ntlmPeer();
  await using gateway = await peerGateway(one.port);
  const both = [one, other].map(({ port }, at) => ({ id: `peer-${at}`, address: '127.0.0.1', port }));
  gateway.discovery.set('peer', both);
  const urls = Array.from({ length: 4 }, (_, at) => `${gateway.url}/${at}`);
  const quiet = ['-sS', '--max-time', '30'];
  const rounds = Array.from({ length: 8 }, async (_, at) => {
    const user = `user${at}`;
    const known = await run(curl, [...quiet, '--ntlm', '-u', `${user}:secret`, ...urls]);
    assert.deepEqual([known.stdout, known.stderr], [`${user}\n`.repeat(urls.length), '']);
    const body = await run(curl, [...quiet, '--ntlm', '-u', `${user}:secret`, '-d', 'x'.repeat(5_000), ...urls]);
    assert.deepEqual([body.stdout, body.stderr], [`${user}\n`.repeat(urls.length), '']);
    const stranger = await run(curl, [...quiet, '-o', '/dev/null', '-w', '%{http_code}', urls[0] ?? '']);
    assert.equal(stranger.stdout, '401');
  });
  await Promise.all(rounds);
});
