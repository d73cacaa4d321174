import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { prepareDrain } from './prepare-drain.ts';

async function serve(listener: RequestListener) {
  const clock = new FakeClock();
  const server = createServer(listener);
  const drain = prepareDrain(server, clock);
  let connections = 0;
  server.on('connection', () => connections++);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // Listening on TCP.
  const open = async (bytes = ''): Promise<Socket> => {
    const before = connections;
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(bytes);
    await waitUntil('the server has the connection', () => connections > before);
    return socket;
  };
  return { clock, drain, open, server };
}

const get = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';

describe('prepareDrain', () => {
  it('closes connections at once that are idle after a request', async () => {
    const { drain, open } = await serve((_request, response) => response.end('ok'));
    const socket = await open(get);
    await once(socket, 'data');
    assert.equal(await drain(new AbortController().signal), true);
  });

  it('gives a connection without a request a moment, and no more', async () => {
    const { clock, drain, open } = await serve((_request, response) => response.end('ok'));
    const socket = await open();
    const drained = drain(new AbortController().signal);
    clock.advance(249);
    assert.equal(socket.destroyed, false);
    clock.advance(1);
    assert.equal(await drained, true);
  });

  it('answers what arrived in that moment, even if the process was too busy to read it', async () => {
    const { clock, drain, open } = await serve((_request, response) => response.end('ok'));
    const socket = await open();
    if (socket.connecting) await once(socket, 'connect');
    const drained = drain(new AbortController().signal);
    socket.write(get);
    clock.advance(250);
    const [answer] = (await once(socket, 'data')) as [Buffer]; // Its only argument.
    assert.match(String(answer), /^HTTP\/1\.1 200 /);
    assert.equal(await drained, true);
  });

  it('answers requests in progress, then closes their connections even if the caller would keep them', async () => {
    const gate = Promise.withResolvers<void>();
    let arrived = false;
    const { clock, drain, open } = await serve((_request, response) => {
      arrived = true;
      void gate.promise.then(() => response.end('done'));
    });
    const socket = await open(get);
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    await waitUntil('the request is there', () => arrived);
    const drained = drain(new AbortController().signal);
    clock.advance(1000);
    gate.resolve();
    assert.equal(await drained, true);
    await waitUntil('the connection is closed', () => socket.destroyed);
    assert.match(received, /done/);
  });

  it('gives up when told to', async () => {
    let arrived = false;
    const { drain, open, server } = await serve(() => {
      arrived = true;
    });
    await open(get);
    await waitUntil('the request is there', () => arrived);
    const controller = new AbortController();
    const drained = drain(controller.signal);
    controller.abort();
    assert.equal(await drained, false);
    server.closeAllConnections();
  });
});
