import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { tcpProbe } from './tcp-probe.ts';

const context = {
  clock: systemClock,
  timeoutMs: 10_000,
  allowLinkLocal: false,
  signal: new AbortController().signal,
};

test('a connection that can be opened passes, and is closed', async (t) => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // It listens on TCP.
  const closed = once(server, 'connection').then(([socket]) => {
    socket.resume();
    return once(socket, 'end');
  });
  assert.deepEqual(await tcpProbe({ host: '127.0.0.1', port, tls: undefined })(context), {
    status: 'passing',
    output: `Connected to 127.0.0.1:${port}`,
  });
  await closed;
});

test('an address that belongs to no single machine is critical', async () => {
  const { status, output } = await tcpProbe({ host: '0.0.0.0', port: 80, tls: undefined })(context);
  assert.deepEqual([status, output], ['critical', '0.0.0.0 belongs to no single machine']);
});
