import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '@flotilla/testing';
import { goProgram } from './go-peer.ts';
import { digestOf, nodePeer } from './node-peer.ts';
import { peerGateway } from './peer-gateway.ts';
import { programFor, run, Server, temporaryFolder } from './programs.ts';

const large = 'p'.repeat(3_000_000);

test('curl is served: bodies both ways, HEAD, HTTP/1.0, Expect, chunks, and several requests on one connection', async (t) => {
  const curl = programFor(t, 'curl');
  if (curl === undefined) return;
  await using peer = await nodePeer();
  await using gateway = await peerGateway(peer.port);
  const ask = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(curl, ['-sS', '--max-time', '30', ...args]);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  assert.equal(await ask(`${gateway.url}/a?b=c`), 'GET /a?b=c 0');
  assert.match(await ask('-I', `${gateway.url}/a`), /^HTTP\/1\.1 200 OK\r\n/);
  assert.equal((await ask(`${gateway.url}/large`)).length, 5_000_000);
  assert.equal(await ask('--http1.0', `${gateway.url}/chunks`), '0;1;2;3;4;5;6;7;8;9;');
  assert.match(
    await ask('-i', `${gateway.url}/hints`),
    /^HTTP\/1\.1 103 Early Hints\r\n[^]*HTTP\/1\.1 200 OK\r\n[^]*hinted$/,
  );
  const file = join(temporaryFolder(t), 'body');
  writeFileSync(file, large);
  for (const args of [
    ['--data-binary', `@${file}`],
    ['-H', 'Expect: 100-continue', '--data-binary', `@${file}`],
    ['-H', 'Transfer-Encoding: chunked', '-T', file],
  ]) {
    assert.match(await ask('-i', ...args, `${gateway.url}/put`), new RegExp(`x-digest: ${digestOf(large)}`, 'i'));
  }
  const two = await ask('-v', '--stderr', '-', `${gateway.url}/1`, `${gateway.url}/2`);
  assert.match(two, /Re-?using existing/i);
  assert.ok(gateway.statuses.every((status) => status === 200));
});

test('node:http and fetch are served, with kept connections, trailers and events', async () => {
  await using peer = await nodePeer();
  await using gateway = await peerGateway(peer.port);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  await Promise.all(
    Array.from({ length: 100 }, async (_, at) => {
      const body = at % 2 === 0 ? String(at).repeat(10_000) : '';
      const answer = await ask(gateway.port, agent, body);
      assert.deepEqual([answer.status, answer.digest], [200, digestOf(body)]);
    }),
  );
  agent.destroy();
  const streamed = await fetch(`${gateway.url}/echo`, {
    method: 'POST',
    body: new Blob([large]).stream(),
    duplex: 'half',
  });
  assert.equal(digestOf(await streamed.text()), digestOf(large));
  const events = await fetch(`${gateway.url}/events`);
  assert.match(await events.text(), /^data: event 0\n\n[^]*data: event 4\n\nevent: last/);
  const chunks = await new Promise<IncomingMessage>((resolve) =>
    httpRequest({ port: gateway.port, path: '/chunks' }, resolve).end(),
  );
  chunks.resume();
  await new Promise((resolve) => chunks.once('end', resolve));
  assert.deepEqual(chunks.trailers, { 'x-sum': '45' });
});

test("Node's WebSocket works through the gateway, and both ends close", async () => {
  await using peer = await nodePeer();
  await using gateway = await peerGateway(peer.port);
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`);
  const heard: unknown[] = [];
  socket.addEventListener('message', ({ data }) => {
    heard.push(data);
    if (heard.length < 50) socket.send(`message ${heard.length}`);
    else socket.close(1000);
  });
  socket.addEventListener('open', () => socket.send('message 0'));
  const closed = await new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
  assert.deepEqual([heard.length, heard[49], closed.code], [50, 'message 49', 1000]);
});

test('net/http of Go works as client and as server', async (t) => {
  const go = programFor(t, 'go');
  if (go === undefined) return;
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'peer.go'), goProgram);
  const program = join(folder, 'peer');
  const built = await run(go, ['build', '-o', program, join(folder, 'peer.go')], {
    env: { GO111MODULE: 'off', GOFLAGS: '' },
    timeoutMs: 180_000,
  });
  assert.equal(built.status, 0, built.stderr);
  const port = await freePort();
  await using server = new Server(program, ['serve', String(port)]);
  await server.accepting(port);
  await using gateway = await peerGateway(port);
  const { status, stdout } = await run(program, ['ask', gateway.url]);
  assert.equal(status, 0, stdout);
  assert.equal(gateway.statuses.length, 8 * 20 * 3 + 1 + 2);
});

test('nginx works as a server, and as a proxy in front of the gateway', async (t) => {
  const nginx = programFor(t, 'nginx');
  if (nginx === undefined) return;
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'www'));
  writeFileSync(join(folder, 'www', 'large'), large);
  const [filesPort, frontPort] = [await freePort(), await freePort()];
  await using files = await startNginx(nginx, folder, 'files', filesPort, `location / { root ${folder}/www; }`);
  await files.accepting(filesPort);
  await using toFiles = await peerGateway(filesPort);
  for (let count = 0; count < 20; count++) {
    const answer = await fetch(`${toFiles.url}/large`);
    assert.equal(digestOf(await answer.text()), digestOf(large));
    const part = await fetch(`${toFiles.url}/large`, { headers: { Range: 'bytes=5-9' } });
    assert.deepEqual([part.status, await part.text()], [206, 'ppppp']);
    const etag = part.headers.get('etag') ?? '';
    assert.equal((await fetch(`${toFiles.url}/large`, { headers: { 'If-None-Match': etag } })).status, 304);
  }
  await using peer = await nodePeer();
  await using behind = await peerGateway(peer.port);
  const pass = `location / { proxy_pass http://127.0.0.1:${behind.port}; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off; client_max_body_size 0; }`;
  await using front = await startNginx(nginx, folder, 'front', frontPort, pass);
  await front.accepting(frontPort);
  await askAll(frontPort);
});

test('HAProxy works in front of the gateway, and behind it', async (t) => {
  const haproxy = programFor(t, 'haproxy');
  if (haproxy === undefined) return;
  const folder = temporaryFolder(t);
  await using peer = await nodePeer();
  const [backPort, frontPort] = [await freePort(), await freePort()];
  await using back = startHaproxy(haproxy, folder, 'back', backPort, peer.port);
  await back.accepting(backPort);
  await using gateway = await peerGateway(backPort);
  await using front = startHaproxy(haproxy, folder, 'front', frontPort, gateway.port);
  await front.accepting(frontPort);
  await askAll(frontPort);
});

test('wrk sees no failure', async (t) => {
  const wrk = programFor(t, 'wrk');
  if (wrk === undefined) return;
  await using peer = await nodePeer();
  await using gateway = await peerGateway(peer.port);
  const { status, stdout } = await run(wrk, ['-t1', '-c32', '-d2s', `${gateway.url}/a`]);
  assert.equal(status, 0);
  assert.match(stdout, /requests in/);
  assert.doesNotMatch(stdout, /Socket errors|Non-2xx/);
});

/** Bodies of several shapes through whatever listens on `port`. */
async function askAll(port: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  await Promise.all(
    Array.from({ length: 60 }, async (_, at) => {
      const body = at % 3 === 0 ? '' : 'b'.repeat(at * 5_000);
      const answer = await ask(port, agent, body, at % 3 === 1);
      assert.deepEqual([answer.status, answer.digest], [200, digestOf(body)]);
    }),
  );
  agent.destroy();
  const answer = await fetch(`http://127.0.0.1:${port}/large`);
  assert.equal((await answer.arrayBuffer()).byteLength, 5_000_000);
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/chunks`)).text(), '0;1;2;3;4;5;6;7;8;9;');
}

function ask(
  port: number,
  agent: Agent,
  body: string,
  chunked = false,
): Promise<{ status: number | undefined; digest: unknown }> {
  return new Promise((resolve, reject) => {
    const method = body === '' ? 'GET' : 'PUT';
    const headers: Record<string, string> = body === '' || chunked ? {} : { 'Content-Length': String(body.length) };
    const asked = httpRequest({ port, agent, method, path: '/ask', headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve({ status: answer.statusCode, digest: answer.headers['x-digest'] }));
    });
    asked.once('error', reject);
    if (body !== '') asked.write(body.slice(0, 10));
    asked.end(body.slice(10));
  });
}

async function startNginx(
  nginx: string,
  folder: string,
  name: string,
  port: number,
  location: string,
): Promise<Server> {
  const file = join(folder, `${name}.conf`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${name}-${kind};`,
  );
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/${name}.pid; error_log stderr warn; events {}
http { access_log off; ${temporary.join(' ')} server { listen 127.0.0.1:${port}; ${location} } }\n`,
  );
  return new Server(nginx, ['-p', folder, '-e', 'stderr', '-c', file]);
}

function startHaproxy(haproxy: string, folder: string, name: string, port: number, to: number): Server {
  const file = join(folder, `${name}.cfg`);
  writeFileSync(
    file,
    `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend in
  bind 127.0.0.1:${port}
  default_backend out
backend out
  server one 127.0.0.1:${to}\n`,
  );
  return new Server(haproxy, ['-db', '-f', file]);
}
