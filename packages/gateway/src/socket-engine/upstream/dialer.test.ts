import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { destroyIfOver, plainDialer } from './dialer.ts';

/** A connection to a server that does `serve` with its side; `received` gathers what is read. */
async function connected(serve: (socket: Socket) => void) {
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const received: string[] = [];
  const onRead = (count: number, buffer: Uint8Array): boolean => {
    received.push(Buffer.from(buffer.subarray(0, count)).toString());
    return true;
  };
  const { port } = server.address() as AddressInfo;
  const socket = plainDialer.dial({ address: '127.0.0.1', port }, { buffer: Buffer.alloc(1024), callback: onRead });
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  await once(socket, plainDialer.ready);
  return { socket, received, closed, [Symbol.dispose]: () => (socket.destroy(), void server.close()) };
}

test('the last words of an upstream that no longer reads are received, and its end closes the socket', async () => {
  using connection = await connected((peer) => {
    peer.resume();
    peer.once('data', () => peer.end('said', () => peer.destroy()));
  });
  const { socket, received, closed } = connection;
  socket.pause();
  const refused = once(socket, 'error');
  // The first bytes that meet the closed end are taken, and answered with a reset: those that follow are refused.
  while (socket.errored === null) {
    socket.write('more');
    await new Promise(setImmediate);
  }
  assert.equal((await refused)[0].syscall, 'write');
  assert.equal(socket.destroyed, false);
  assert.deepEqual(received, []);
  socket.resume();
  await closed;
  assert.deepEqual(received, ['said']);
});

test('a socket is finished only when both of its ends have closed', async () => {
  using connection = await connected((peer) => peer.end('said'));
  const { socket, closed } = connection;
  await once(socket, 'end');
  destroyIfOver(socket);
  assert.equal(socket.destroyed, false);
  socket.on('finish', () => destroyIfOver(socket));
  socket.end();
  await closed;
});
