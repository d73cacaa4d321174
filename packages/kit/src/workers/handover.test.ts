import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { askForHandover, hasHandovers, offerHandover } from './handover.ts';
import { startListening } from './lone-seat.ts';

const parent = mkdtempSync(path.join(tmpdir(), 'handover-'));
after(() => rmSync(parent, { recursive: true }));
let folders = 0;
const newFolder = (): string => path.join(parent, String(++folders));

async function listening(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer();
  const bound = await startListening(server, { host: '127.0.0.1', port });
  return { server, port: bound.port };
}

test('an address that is handed over can be bound at once', async () => {
  const folder = newFolder();
  const [one, two] = [await listening(), await listening()];
  let done = 0;
  const servers = new Map([one, two].map(({ port, server }) => [port, server]));
  await offerHandover(folder, 1, servers, () => void done++);
  assert.equal(await askForHandover(folder, 'release', one.port), true);
  const taken = await listening(one.port);
  assert.equal(done, 0, 'the other address is still served');
  await assert.rejects(listening(two.port), { code: 'EADDRINUSE' });
  assert.equal(await askForHandover(folder, 'release', two.port), true);
  assert.equal(done, 1);
  assert.equal(hasHandovers(folder), false);
  taken.server.close();
});

test('a worker only hands over ports that it has, while it offers them', async () => {
  const folder = newFolder();
  const { server, port } = await listening();
  const end = await offerHandover(folder, 1, new Map([[port, server]]), () => undefined);
  assert.equal(await askForHandover(folder, 'release', 1), false);
  assert.equal(server.listening, true);
  end?.();
  assert.equal(await askForHandover(folder, 'has', port), false);
  assert.equal(server.listening, true);
  server.close();
});

test('if others can use the folder, nothing is handed over', async () => {
  const folder = newFolder();
  assert.equal(await askForHandover(folder, 'has', 1), false);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  chmodSync(folder, 0o770);
  const { server, port } = await listening();
  assert.equal(await offerHandover(folder, 1, new Map([[port, server]]), () => undefined), undefined);
  assert.deepEqual(readdirSync(folder), []);
  server.close();
});
