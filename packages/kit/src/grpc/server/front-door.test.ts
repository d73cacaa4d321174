import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  echoService,
  FrameClient,
  frameTypes,
  RawGrpcClient,
  requestFrame,
  SayRequestSchema,
  serveGrpc,
  statusOfAnswer,
} from '@flotilla/conformance/grpc';
import { FakeClock, waitUntil } from '@flotilla/testing';

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

interface Peer {
  readonly socket: Socket;
  /** What it has received. */
  text(): string;
  readonly gone: Promise<unknown>;
}

/** @param allowHalfOpen whether it goes on when the server has said its last */
function peer(t: TestContext, port: number, allowHalfOpen = false): Peer {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen });
  t.after(() => void socket.destroy());
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
  return { socket, text: () => text, gone: new Promise((resolve) => socket.once('close', resolve)) };
}

async function serve(t: TestContext) {
  const clock = new FakeClock();
  const served = await serveGrpc([echoService()], { clock });
  t.after(() => served.server.close());
  return { ...served, clock };
}

test('a request of HTTP/1 is answered with what the port takes', async (t) => {
  const { port } = await serve(t);
  for (const init of [{}, { method: 'POST', body: 'x'.repeat(200_000) }]) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, init);
    assert.equal(response.status, 505);
    assert.equal(response.headers.get('connection'), 'close');
    assert.match(await response.text(), /^This port takes gRPC alone, over HTTP\/2 without TLS\. [^\n]*\n$/);
  }
});

test('a refused client that goes on sending is cut off after a while', async (t) => {
  const { port, clock } = await serve(t);
  const { socket, text } = peer(t, port, true);
  socket.write('POST /v1/logs HTTP/1.1\r\n');
  await waitUntil('the answer', () => text().includes('gRPC alone'));
  socket.write('more');
  clock.advance(1_999);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(socket.writable, true);
  clock.advance(1);
  await waitUntil('the end', () => {
    socket.write('more');
    return socket.destroyed;
  });
});

test('a caller whose first bytes come one at a time is served', async (t) => {
  const { port } = await serve(t);
  const { socket, text } = peer(t, port);
  for (const byte of preface) {
    socket.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  // The settings of the server, and that it has read those of the client.
  await waitUntil('both settings', () => text().includes('\x00\x00\x00\x04\x01\x00\x00\x00\x00'));
});

test('a caller whose first bytes end after its star is no client of HTTP/1', async (t) => {
  const { port } = await serve(t);
  const { socket, text } = peer(t, port);
  socket.write(preface.slice(0, 5));
  // It is let in with these, and the server begins.
  await waitUntil('an answer', () => text().length >= 9);
  assert.equal(text().charCodeAt(3), frameTypes.settings);
  socket.write(preface.slice(5));
  socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  await waitUntil('both settings', () => text().includes('\x00\x00\x00\x04\x01\x00\x00\x00\x00'));
});

test('a peer that says nothing is spoken to after a while', async (t) => {
  const { port, clock } = await serve(t);
  const { text } = peer(t, port);
  await waitUntil('the server to wait', () => clock.pendingDelaysMs.includes(5_000));
  clock.advance(4_999);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(text(), '');
  clock.advance(1);
  await waitUntil('settings', () => text().length >= 9);
  assert.equal(text().charCodeAt(3), frameTypes.settings);
});

test('a peer that leaves without a word leaves nothing behind', async (t) => {
  const { port, clock } = await serve(t);
  const { socket } = peer(t, port);
  await waitUntil('the server to wait', () => clock.pendingDelaysMs.includes(5_000));
  socket.destroy();
  await waitUntil('the server to forget it', () => clock.pendingDelaysMs.length === 0);
});

test('a server that stops waits for nobody who says nothing, and tells those who come too late', async (t) => {
  const { port, clock, server } = await serve(t);
  const silent = peer(t, port);
  const refused = peer(t, port);
  await waitUntil('the server to wait for both', () => clock.pendingDelaysMs.length === 2);
  refused.socket.write('GET / HTTP/1.1\r\n\r\n');
  await waitUntil('the answer', () => refused.text().includes('505'));
  await server.drain(new AbortController().signal);
  await silent.gone;
  await server.close();
  await refused.gone;
});

test('a call on a connection that was let in is answered', async (t) => {
  const { port } = await serve(t);
  const client = new RawGrpcClient(port);
  t.after(() => client.close());
  const chunks = [requestFrame(SayRequestSchema, { text: 'hi' })];
  assert.equal(statusOfAnswer(await client.call({ path: '/flotilla.testing.Echo/Say', chunks })), 'OK');
  const frames = new FrameClient(port);
  t.after(() => void frames.socket.destroy());
  await frames.frame(({ type }) => type === frameTypes.settings);
});
