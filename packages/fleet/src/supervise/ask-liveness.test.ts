import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { askLiveness } from './ask-liveness.ts';
import { isWell } from './await-readiness.ts';

test('any answer is a sign of life; silence, a refused connection and a reset are not', async (t) => {
  const listen = (onConnection: (socket: import('node:net').Socket) => void): Promise<string> =>
    new Promise((resolve) => {
      const server = createServer((socket) => onConnection(socket.on('error', () => undefined)));
      t.after(() => server.close());
      // It has an address once it listens.
      server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(server.address() as { port: number }).port}/livez`),
      );
    });
  const busy = await listen((socket) => socket.end('HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n'));
  const silent = await listen((socket) => t.after(() => socket.destroy()));
  const resetting = await listen((socket) => socket.resetAndDestroy());
  const switching = await listen((socket) =>
    socket.write('HTTP/1.1 101 Odd\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  );
  assert.equal(await askLiveness(busy, 5_000), true);
  assert.equal(await askLiveness(switching, 5_000), true);
  assert.equal(await isWell(switching, 5_000), false);
  assert.equal(await askLiveness(silent, 20), false);
  assert.equal(await askLiveness(resetting, 5_000), false);
  assert.equal(await askLiveness('http://127.0.0.1:1/livez', 5_000), false);
});
