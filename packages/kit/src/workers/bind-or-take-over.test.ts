import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { bindOrTakeOver } from './bind-or-take-over.ts';
import { offerHandover } from './handover.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'take-over-'));
after(() => rmSync(folder, { recursive: true }));

const host = '127.0.0.1';

test('an address of another process is in use, even if it is a program like this one', async () => {
  const server = createServer();
  const { port } = await bindOrTakeOver(server, { host, port: 0 }, folder);
  await assert.rejects(bindOrTakeOver(createServer(), { host, port }, folder), { code: 'EADDRINUSE' });
  server.close();
});

test('an address that is handed over is served without a gap', async () => {
  const served = new Map<Server, number>();
  const newServer = (): Server => {
    const server: Server = createServer((socket) => {
      served.set(server, (served.get(server) ?? 0) + 1);
      socket.end('hello');
      socket.on('error', () => undefined);
    });
    return server;
  };
  const before = newServer();
  const { port } = await bindOrTakeOver(before, { host, port: 0 }, folder);
  let handedOver = false;
  await offerHandover(folder, process.pid, new Map([[port, before]]), () => (handedOver = true));

  let asking = true;
  const refused: unknown[] = [];
  const askers = Array.from({ length: 3 }, async () => {
    while (asking) {
      const socket = connect(port, host);
      socket.resume();
      const [error] = (await Promise.race([once(socket, 'end'), once(socket, 'error')]).catch((cause) => [cause])) as [
        unknown,
      ];
      if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') refused.push(error.code);
      socket.destroy();
    }
  });
  const successor = newServer();
  await bindOrTakeOver(successor, { host, port }, folder);
  assert.equal(handedOver, true);
  assert.equal(before.listening, false);
  while ((served.get(successor) ?? 0) < 50) await new Promise((resolve) => setImmediate(resolve));
  asking = false;
  await Promise.all(askers);
  assert.deepEqual(refused, []);
  successor.close();
});
