import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { servedDashboard, servedRegistry } from '@flotilla/conformance';
import { FakeClock, fakeUpstream } from '@flotilla/testing';
import { tryRequest } from '../actions/index.ts';
import type { TryRequest } from '../wire/index.ts';

test('a request is sent to the gateway or a registered service, in a trace of its own, and nowhere else', async (t) => {
  await using upstream = await fakeUpstream();
  upstream.on('POST /items', { status: 201, headers: { 'x-a': '1' }, body: 'made' });
  const registry = await servedRegistry(t);
  const { port } = upstream;
  await registry.ask('POST', '/register', { name: 'stock', address: '127.0.0.1', port, id: 's-1' });
  const { ask } = await servedDashboard(t, { registryUrl: registry.url, gatewayUrl: upstream.url });
  const asked = { to: 'stock', method: 'GET', target: '/' };
  // Until it has heard of the service.
  while ((await ask('POST', '/api/try', asked)).status === 404);
  for (const to of ['gateway', 'stock']) {
    const made: TryRequest = {
      to,
      method: 'POST',
      target: '/items?x=1',
      headers: { 'X-B': '2', host: 'evil.example', connection: 'upgrade', 'content-length': '99' },
      body: '{}',
    };
    const { status, body } = await ask('POST', '/api/try', made);
    assert.equal(status, 200);
    assert.deepEqual(
      [body?.['kind'], body?.['status'], body?.['body'], body?.['isCut']],
      ['answer', 201, 'made', false],
    );
    const received = upstream.requests.at(-1) ?? assert.fail();
    assert.equal(received.query.get('x'), '1');
    assert.equal(received.headers['x-b'], '2');
    assert.equal(received.headers['host'], `127.0.0.1:${port}`);
    assert.equal(received.headers['content-length'], '2');
    assert.match(
      String(received.headers['traceparent']),
      new RegExp(`^00-${String(body?.['traceId'])}-[0-9a-f]{16}-01$`),
    );
  }
  assert.equal((await ask('POST', '/api/try', { to: 'nobody', method: 'GET', target: '/' })).status, 404);
});

test('a program that switches to another protocol, and then says nothing, keeps nobody waiting', async (t) => {
  const sockets: Socket[] = [];
  const switching = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    socket.once('data', () => socket.write('HTTP/1.1 101 Odd\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'));
  });
  await once(switching.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    switching.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = switching.address() as AddressInfo; // Listening on TCP.
  const clock = new FakeClock();
  const result = await tryRequest(`http://127.0.0.1:${port}`, { to: 'x', method: 'GET', target: '/' }, clock);
  assert.equal(
    result.kind === 'failed' && result.message.startsWith('There is no answer: it switches to another'),
    true,
  );
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('a program that falls silent within its answer is waited for only so long', async (t) => {
  const silent = createHttpServer((_request, response) => void response.writeHead(200).write('some'));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  t.after(() => silent.close().closeAllConnections());
  const { port } = silent.address() as AddressInfo; // Listening on TCP.
  const clock = new FakeClock();
  const trying = tryRequest(`http://127.0.0.1:${port}`, { to: 'x', method: 'GET', target: '/' }, clock);
  await once(silent, 'request');
  clock.advance(30_000);
  const result = await trying;
  assert.equal(result.kind === 'failed' && result.message, 'There was no whole answer within 30 s.');
});

test('what is no request is refused before it is sent, and no answer is told as that', async (t) => {
  const { ask } = await servedDashboard(t);
  const good = { to: 'gateway', method: 'GET', target: '/' };
  for (const bad of [
    { to: 'user-service', method: 'CONNECT', target: '/' },
    { ...good, target: 'http://evil.example/' },
    { ...good, target: '/a b' },
    { ...good, target: '/\r\nx: y' },
    { ...good, method: 'GET / HTTP/1.1' },
    { ...good, headers: { 'x y': '1' } },
    { ...good, headers: { x: 'a\r\nb: c' } },
    { ...good, headers: Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`x-${index}`, ''])) },
    { ...good, url: 'http://evil.example' },
  ])
    assert.equal((await ask('POST', '/api/try', bad)).status, 400, JSON.stringify(bad));
  const { body } = await ask('POST', '/api/try', good);
  assert.equal(body?.['kind'], 'failed');
  assert.match(String(body?.['message']), /^There is no answer: connect ECONNREFUSED/);
});
