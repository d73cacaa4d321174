import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { FakeClock } from '../fake-clock.ts';
import { fakeUpstream } from '../upstream/fake-upstream.ts';
import { waitUntil } from '../wait-until.ts';
import { cut, failing, none, slow } from './fault.ts';
import { withFaults } from './fault-proxy.ts';

const code = (error: unknown): unknown => (error as { cause?: { code?: unknown } }).cause?.code;

test('without a fault everything passes unchanged', async () => {
  await using service = await fakeUpstream();
  service.on('POST /a', (request) => ({ status: 207, headers: { 'x-b': '1, 2' }, body: request.text.toUpperCase() }));
  await using way = await withFaults(service.url);
  const answer = await fetch(`${way.url}/a?q=1`, { method: 'POST', body: 'text', headers: { 'x-a': 'b' } });
  assert.equal(answer.status, 207);
  assert.equal(answer.headers.get('x-b'), '1, 2');
  assert.equal(await answer.text(), 'TEXT');
  assert.equal(service.requests[0]?.query.get('q'), '1');
  assert.equal(service.requests[0].headers['x-a'], 'b');
  assert.equal(service.requests[0].headers['host'], `127.0.0.1:${way.port}`);
  assert.deepEqual(way.requests, [{ method: 'POST', target: '/a?q=1', fault: 'none' }]);
});

test('a service that switches to another protocol breaks the connection, as its callers expect', async (t) => {
  const service = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 101 Odd\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  t.after(() => service.close());
  const { port } = service.address() as AddressInfo; // Listening on TCP.
  await using way = await withFaults(`http://127.0.0.1:${port}`);
  await assert.rejects(fetch(`${way.url}/a`), (error) => code(error) === 'UND_ERR_SOCKET');
});

test('slow delays the answer after the service has done its work', async () => {
  const clock = new FakeClock();
  await using service = await fakeUpstream();
  service.on('GET /a', { body: 'ok' });
  await using way = await withFaults(service.url, { fault: slow({ delayMs: 300 }), clock });
  let answered = false;
  const answer = fetch(`${way.url}/a`).then((got) => {
    answered = true;
    return got.text();
  });
  await waitUntil('the answer is kept back', () => clock.pendingDelaysMs[0] === 300);
  assert.equal(service.requests.length, 1);
  assert.equal(answered, false);
  clock.advance(300);
  assert.equal(await answer, 'ok');
});

test('a slow body arrives in pieces', async () => {
  const clock = new FakeClock();
  await using service = await fakeUpstream();
  service.on('GET /a', { body: 'abcdefghij' });
  await using way = await withFaults(service.url, { clock });
  await way.inject(slow({ bytesPerSecond: 2 }));
  const answer = await fetch(`${way.url}/a`);
  const pieces: string[] = [];
  const body = (async () => {
    for await (const piece of answer.body ?? []) pieces.push(Buffer.from(piece as Uint8Array).toString());
  })();
  for (let second = 1; second <= 5; second += 1) {
    for (let half = 1; half <= 2; half += 1) {
      await waitUntil('the next piece is kept back', () => clock.pendingDelaysMs[0] === 500);
      clock.advance(500);
      await waitUntil('it has come', () => pieces.join('').length === (second - 1) * 2 + half);
    }
  }
  await body;
  assert.deepEqual(pieces, [...'abcdefghij']);
});

test('cut loses the request, the answer, or the rest of a body', async () => {
  await using service = await fakeUpstream();
  service.on('GET /a', { body: 'abcdefghij' });
  await using way = await withFaults(service.url);
  await way.inject(cut('request'));
  await assert.rejects(fetch(`${way.url}/a`));
  assert.equal(service.requests.length, 0, 'the service has seen nothing');
  await way.inject(cut('answer'));
  await assert.rejects(fetch(`${way.url}/a`));
  assert.equal(service.requests.length, 1, 'the service has done its work');
  for (const bytes of [0, 4]) {
    await way.inject(cut(bytes));
    const answer = await fetch(`${way.url}/a`);
    assert.equal(answer.status, 200);
    let text = '';
    await assert.rejects(async () => {
      for await (const piece of answer.body ?? []) text += Buffer.from(piece as Uint8Array).toString();
    });
    assert.equal(text, 'abcdefghij'.slice(0, bytes));
  }
  await way.inject(cut(11));
  assert.equal(await (await fetch(`${way.url}/a`)).text(), 'abcdefghij', 'a shorter answer arrives whole');
});

test('failing answers instead of the service', async () => {
  await using service = await fakeUpstream();
  await using way = await withFaults(service.url, { fault: failing(503) });
  const plain = await fetch(`${way.url}/a`, { method: 'POST', body: 'x'.repeat(100_000) });
  assert.equal(plain.status, 503);
  assert.equal(plain.headers.get('content-type'), 'application/problem+json');
  await way.inject(failing({ status: 429, headers: { 'retry-after': '7' }, body: { code: 'SLOW_DOWN' } }));
  const told = await fetch(`${way.url}/a`);
  assert.equal(told.headers.get('retry-after'), '7');
  assert.deepEqual(await told.json(), { code: 'SLOW_DOWN' });
  await way.inject(failing(204));
  assert.equal((await fetch(`${way.url}/a`)).status, 204);
  assert.equal(service.requests.length, 0);
});

test('refused: nothing listens, open connections are closed, and the port stays the same', async () => {
  await using service = await fakeUpstream();
  service.on('GET /a', { body: 'ok' });
  await using way = await withFaults(service.url);
  const kept = connect(way.port, '127.0.0.1');
  await once(kept, 'connect');
  await way.inject(failing('refused'));
  await once(kept, 'close');
  await assert.rejects(fetch(`${way.url}/a`), (error) => code(error) === 'ECONNREFUSED');
  await way.heal();
  assert.equal(await (await fetch(`${way.url}/a`)).text(), 'ok');
});

test('hanging: the request is accepted and never answered; later ones are, once healed', async () => {
  await using service = await fakeUpstream();
  service.on('GET /a', { body: 'ok' });
  const way = await withFaults(service.url, { fault: failing('hanging') });
  const waiting = fetch(`${way.url}/a`).then(
    () => 'answered',
    () => 'cut',
  );
  await waitUntil('the request is there', () => way.requests.length === 1);
  await way.heal();
  assert.equal(await (await fetch(`${way.url}/a`)).text(), 'ok');
  await way[Symbol.asyncDispose]();
  assert.equal(await waiting, 'cut');
});

test('a function decides on each request', async () => {
  await using service = await fakeUpstream();
  service.on('GET /a', { body: 'ok' });
  service.on('PUT /a', { body: 'ok' });
  await using way = await withFaults(service.url);
  await way.inject(({ method }, index) => (method === 'GET' && index < 2 ? failing(500) : undefined));
  const ask = async (method: string): Promise<number> => (await fetch(`${way.url}/a`, { method })).status;
  assert.deepEqual([await ask('GET'), await ask('PUT'), await ask('GET')], [500, 200, 200]);
  assert.deepEqual(
    way.requests.map(({ fault }) => fault),
    ['status', 'none', 'none'],
  );
});

test('what such a function does wrong is said to the caller, who does not wait', async () => {
  await using service = await fakeUpstream();
  await using way = await withFaults(service.url);
  await way.inject(() => {
    throw new Error('a mistake in the test');
  });
  const answer = await fetch(`${way.url}/a`);
  assert.deepEqual(
    [answer.status, await answer.text()],
    [500, 'withFaults cannot choose a fault: Error: a mistake in the test'],
  );
  // As JavaScript, or a cast, lets it through.
  await way.inject((() => failing('refused')) as unknown as () => undefined);
  assert.match(await (await fetch(`${way.url}/a`)).text(), /cannot choose failing\('refused'\), only cut\('request'\)/);
});

test('a stopped service cuts connections, and a broken answer is passed on broken', async () => {
  const service = await fakeUpstream();
  await using way = await withFaults(service.url);
  await service[Symbol.asyncDispose]();
  await assert.rejects(fetch(`${way.url}/a`));
  const broken = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('half', () => response.destroy());
  });
  broken.listen(0, '127.0.0.1');
  await once(broken, 'listening');
  const { port } = broken.address() as { port: number };
  await using other = await withFaults(`http://127.0.0.1:${port}`);
  await assert.rejects(async () => (await fetch(`${other.url}/a`)).text());
  broken.close();
});

test('the service notices a caller that gives up', async () => {
  let state: 'idle' | 'asked' | 'left' = 'idle';
  const service = createServer((_request, response) => {
    state = 'asked';
    response.on('close', () => {
      state = 'left';
    });
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const { port } = service.address() as { port: number };
  await using way = await withFaults(`http://127.0.0.1:${port}`);
  const caller = connect(way.port, '127.0.0.1');
  caller.write('GET /a HTTP/1.1\r\nHost: a\r\n\r\n');
  await waitUntil('the request has come', () => state === 'asked');
  caller.destroy();
  await waitUntil('the service has heard', () => state === 'left');
  service.close();
});

test('an upgraded connection passes data in both directions', async () => {
  const service = createServer();
  service.on('upgrade', (_request, socket, head: Buffer) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.write(head);
    socket.pipe(socket);
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const { port } = service.address() as { port: number };
  await using way = await withFaults(`http://127.0.0.1:${port}`);
  const caller = connect(way.port, '127.0.0.1');
  let text = '';
  caller.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  caller.write('GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nfirst');
  await waitUntil('the echo', () => text.endsWith('first'));
  caller.write(' second');
  await waitUntil('the echo', () => text.endsWith('first second'));
  caller.destroy();
  service.close();
});

test('an invalid fault is refused where it is defined', async () => {
  assert.throws(() => slow({ delayMs: -1 }), /delayMs must be 0 or more/);
  assert.throws(() => slow({ bytesPerSecond: 0 }), /failing\('hanging'\)/);
  assert.throws(() => cut(1.5), /whole number of 0 or more/);
  assert.throws(() => failing(99), /from 200 to 599/);
  await assert.rejects(withFaults('127.0.0.1:80'), /use a URL such as/);
  await assert.rejects(withFaults('https://example.com'), /use a URL such as/);
  assert.equal(none.kind, 'none');
});
