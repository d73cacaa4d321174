import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Clock, systemClock } from '@flotilla/contracts';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { httpProbe } from './http-probe.ts';
import type { ProbeResult } from './probe.ts';

async function listening(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port; // It listens on TCP.
}

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  readonly clock?: Clock;
  readonly timeoutMs?: number;
  readonly allowLinkLocal?: boolean;
  readonly signal?: AbortSignal;
}

function ask(url: string, asking: Asking = {}): Promise<ProbeResult> {
  const { method = 'GET', headers = {}, body, clock = systemClock, timeoutMs = 10_000 } = asking;
  const { allowLinkLocal = false, signal = new AbortController().signal } = asking;
  const probe = httpProbe({ url: new URL(url), method, headers, body, skipVerify: false });
  return probe({ clock, timeoutMs, allowLinkLocal, signal });
}

async function answering(t: TestContext, listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(t, createHttpServer(listener))}/health`;
}

test('what switches to another protocol is critical at once, and is told as what it is', async (t) => {
  const switching = createServer((socket) =>
    socket.write('HTTP/1.1 101 Odd\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  );
  const url = `http://127.0.0.1:${await listening(t, switching)}/`;
  assert.deepEqual(await ask(url, { clock: new FakeClock() }), {
    status: 'critical',
    output: 'It answers 101, and switches to another protocol',
  });
});

test('2xx passes, 429 is a warning, everything else is critical', async (t) => {
  const url = await answering(t, (request, response) => {
    response.statusCode = Number(new URL(request.url ?? '', 'http://x').searchParams.get('code'));
    response.end();
  });
  const statuses: (string | undefined)[] = [];
  for (const code of [200, 204, 299, 301, 404, 429, 500, 503]) statuses.push((await ask(`${url}?code=${code}`)).status);
  assert.deepEqual(statuses, [
    'passing',
    'passing',
    'passing',
    'critical',
    'critical',
    'warning',
    'critical',
    'critical',
  ]);
});

test('the output shows what was asked, the answer, and what it says', async (t) => {
  const url = await answering(t, (_, response) => {
    response.statusCode = 503;
    response.end('{"database":"down"}\n');
  });
  assert.equal((await ask(url)).output, `GET ${url}: 503 Service Unavailable\n{"database":"down"}`);
  // Outputs are logged, and a query may hold a token.
  const { output } = await ask(`${url}?token=secret&full`);
  assert.match(output, /\/health\?token=\*\*\*&full: 503/);
  assert.doesNotMatch(output, /secret/);
});

test('method, headers and body are those of the check', async (t) => {
  const seen: unknown[] = [];
  const url = await answering(t, (request, response) => {
    const { method, headers } = request;
    request.on('data', (chunk) =>
      seen.push([method, headers['x-key'], headers['host'], headers['connection'], String(chunk)]),
    );
    request.on('end', () => response.end());
  });
  await ask(url, {
    method: 'POST',
    headers: { 'X-Key': ['a'], Host: ['web.local'], 'Content-Length': ['99'] },
    body: 'ping',
  });
  assert.deepEqual(seen, [['POST', 'a', 'web.local', 'close', 'ping']]);
});

test('the user that a URL names is shown to the target, and to nobody else', async (t) => {
  let shown: string | undefined;
  const url = await answering(t, (request, response) => {
    shown = request.headers.authorization;
    response.end();
  });
  const { output } = await ask(url.replace('http://', 'http://probe:s%3Acret@'));
  assert.equal(shown, `Basic ${Buffer.from('probe:s:cret').toString('base64')}`);
  assert.equal(output, `GET ${url}: 200 OK`);
});

test('a redirect is critical, is not followed, and says where it leads', async (t) => {
  let requests = 0;
  const url = await answering(t, (_, response) => {
    requests += 1;
    response.writeHead(302, { location: 'http://169.254.169.254/latest' });
    response.end();
  });
  const { status, output } = await ask(url);
  assert.equal(status, 'critical');
  assert.match(output, /302 Found to http:\/\/169\.254\.169\.254\/latest; checks do not follow redirects/);
  assert.equal(requests, 1);
});

test('an answer without end is read up to 4 KiB, and its status counts', async (t) => {
  const url = await answering(t, (_, response) => {
    const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
    response.once('close', () => clearInterval(timer));
  });
  const { status, output } = await ask(url);
  assert.equal(status, 'passing');
  assert.ok(Buffer.byteLength(output) <= 4_096);
});

test('an answer that breaks off is none', async (t) => {
  const url = await answering(t, (_, response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('abc', () => response.destroy());
  });
  const { status, output } = await ask(url);
  assert.equal(status, 'critical');
  assert.match(output, /: 200 OK, but the answer broke off: aborted$/);
});

test('an answer without a body passes, and so does one to HEAD', async (t) => {
  const url = await answering(t, (_, response) => void response.writeHead(200, { 'content-length': '0' }).end());
  assert.equal((await ask(url)).status, 'passing');
  assert.equal((await ask(url, { method: 'HEAD' })).status, 'passing');
});

test('what is no text is shown without control characters', async (t) => {
  const url = await answering(t, (_, response) => void response.end(Buffer.from([0x1b, 0x5b, 0x32, 0x4a, 0x00, 0xff])));
  assert.equal((await ask(url)).output, `GET ${url}: 200 OK\n\ufffd[2J\ufffd\ufffd`);
});

test('a process that accepts connections and never answers is called blocked or overloaded', async (t) => {
  const clock = new FakeClock();
  let requests = 0;
  const url = await answering(t, () => void (requests += 1));
  const result = ask(url, { clock, timeoutMs: 2_000 });
  await waitUntil('a request has come', () => requests === 1);
  clock.advance(2_000);
  const { port } = new URL(url);
  assert.deepEqual(await result, {
    status: 'critical',
    output: `127.0.0.1:${port} accepts connections but did not answer within 2000 ms: blocked or overloaded`,
  });
});

test('an answer that begins and does not come to its end is none', async (t) => {
  const clock = new FakeClock();
  let sent = false;
  const url = await answering(t, (_, response) => void response.write('up', () => (sent = true)));
  const result = ask(url, { clock, timeoutMs: 2_000 });
  await waitUntil('the answer has begun', () => sent);
  // Sockets are read in each turn of the event loop.
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(2_000);
  assert.deepEqual(await result, {
    status: 'critical',
    output: `GET ${url}: 200 OK, but the answer was not complete within 2000 ms: blocked or overloaded`,
  });
});

test('where nothing listens the connection is refused', async (t) => {
  const server = createServer();
  const port = await listening(t, server);
  server.close();
  await once(server, 'close');
  assert.deepEqual(await ask(`http://127.0.0.1:${port}/`), {
    status: 'critical',
    output: `Connection refused: nothing listens at 127.0.0.1:${port}`,
  });
});

test('a connection that is closed without an answer is critical', async (t) => {
  const port = await listening(
    t,
    createServer((socket) => void socket.once('data', () => socket.destroy())),
  );
  assert.deepEqual(await ask(`http://127.0.0.1:${port}/`), {
    status: 'critical',
    output: `127.0.0.1:${port} closed the connection without an answer`,
  });
});

test('what answers, but not in HTTP, is critical', async (t) => {
  const port = await listening(
    t,
    createServer((socket) => void socket.end('+PONG\r\n')),
  );
  const { status, output } = await ask(`http://127.0.0.1:${port}/`);
  assert.equal(status, 'critical');
  assert.match(output, /answers, but not in HTTP\/1\.1/);
});

test('what does not speak TLS is not asked for a password by https', async (t) => {
  const url = await answering(t, (_, response) => void response.end());
  const { status, output } = await ask(url.replace('http:', 'https:'));
  assert.equal(status, 'critical');
  assert.match(output, /does not answer with TLS|may not speak TLS/);
});

test('an unknown name is critical and says so', async () => {
  assert.deepEqual(await ask('http://no-such-host.invalid/'), {
    status: 'critical',
    output: 'The name no-such-host.invalid is unknown',
  });
});

test("a machine's metadata service is not asked, however its address is written", async () => {
  for (const url of [
    'http://169.254.169.254/',
    'http://0xa9fea9fe/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[fe80::1]/',
  ]) {
    const { status, output } = await ask(url);
    assert.equal(status, 'critical');
    assert.match(output, /checks do not ask; ALLOW_LINK_LOCAL=true allows it/, url);
  }
});

test('a probe that nobody wants any more ends at once and has found out nothing', async (t) => {
  const url = await answering(t, () => {});
  const ended = new AbortController();
  const result = ask(url, { signal: ended.signal });
  ended.abort();
  assert.equal((await result).status, undefined);
});

test('a target is not blamed when the registry itself was away: it gets the time back', async (t) => {
  const clock = new FakeClock();
  let answer: (() => void) | undefined;
  const url = await answering(t, (_, response) => (answer = () => response.end('up')));
  const result = ask(url, { clock, timeoutMs: 2_000 });
  await waitUntil('a request has come', () => answer !== undefined);
  clock.stallNextTimer(30_000);
  clock.advance(2_000);
  answer?.();
  assert.equal((await result).status, 'passing');
});

test('a failure while the registry itself was away says nothing', async (t) => {
  const clock = new FakeClock();
  let fail: (() => void) | undefined;
  const url = await answering(t, (_, response) => (fail = () => response.destroy()));
  const result = ask(url, { clock, timeoutMs: 2_000 });
  await waitUntil('a request has come', () => fail !== undefined);
  clock.stallNextTimer(30_000);
  clock.advance(2_000);
  fail?.();
  assert.deepEqual(await result, {
    status: undefined,
    output: 'Not known: the registry itself was stopped or overloaded during the check',
  });
});
