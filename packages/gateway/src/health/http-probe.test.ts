import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerEach, type ConnectionScript, rawUpstream } from '@flotilla/conformance';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { probeByHttp } from './http-probe.ts';
import type { ProbeResult } from './instance-health.ts';

const empty = (status: string): string => `HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`;

async function probed(script: ConnectionScript, refuse = false): Promise<{ result: ProbeResult; asked: string }> {
  await using upstream = await rawUpstream(script);
  if (refuse) await upstream.refuse();
  const { address, port } = upstream;
  const clock = new FakeClock();
  const request = { address, port, authority: 'ship.example:9', path: '/ready', timeoutMs: 500, clock };
  const result = await probeByHttp({
    ...request,
    passes: (status) => status < 300,
    signal: AbortSignal.timeout(20_000),
  });
  assert.deepEqual(clock.pendingDelaysMs, []);
  return { result, asked: upstream.connections[0]?.received.toString() ?? '' };
}

test('a probe is a GET on its own connection', async () => {
  const { result, asked } = await probed(answerEach(empty('200 OK')));
  assert.equal(result, 'passed');
  assert.match(asked, /^GET \/ready HTTP\/1\.1\r\nHost: ship\.example:9\r\n[^]*Connection: close\r\n\r\n$/);
});

test('an interim answer is not the answer', async () => {
  const both = `HTTP/1.1 103 Early Hints\r\n\r\n${empty('503 Service Unavailable')}`;
  assert.equal((await probed(answerEach(both))).result, 'failed');
});

test('a refused connection, a closed one, and an answer that is not HTTP are failures', async () => {
  assert.equal((await probed(() => undefined, true)).result, 'failed');
  assert.equal((await probed((connection) => connection.end())).result, 'failed');
  assert.equal((await probed(answerEach('SSH-2.0-x\r\n\r\n'))).result, 'failed');
});

test('no answer in time is a failure; a cancelled probe reports nothing', async () => {
  await using frozen = await rawUpstream();
  const { address, port } = frozen;
  const clock = new FakeClock();
  const end = new AbortController();
  const request = { address, port, authority: 'x', path: '/', timeoutMs: 500, clock, passes: () => true };
  const late = probeByHttp({ ...request, signal: end.signal });
  await waitUntil('it has been asked', () => (frozen.connections[0]?.received.length ?? 0) > 0);
  clock.advance(500);
  assert.equal(await late, 'failed');
  const calledOff = probeByHttp({ ...request, signal: end.signal });
  end.abort();
  assert.equal(await calledOff, 'unknown');
});
