import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdPort } from './held-port.ts';
import { reservePort } from './reserve-port.ts';

test('a port can be released and taken again, and connections in between are refused', async (t) => {
  const server: Server = createServer((_request, response) => response.end('ok'));
  const held = await holdPort(server);
  t.after(() => {
    held.leave();
    server.closeAllConnections();
  });
  const ask = async (): Promise<string> => (await fetch(`http://127.0.0.1:${held.port}`)).text();
  assert.ok(held.port >= 20_000 && held.port < 32_000, 'no outgoing connection can take it');
  assert.equal(await ask(), 'ok');
  held.leave();
  held.leave();
  await assert.rejects(ask());
  await held.comeBack();
  await held.comeBack();
  assert.equal(await ask(), 'ok');
});

test('a port that another process took meanwhile is reported as taken', async (t) => {
  const [first, second] = [createServer(), createServer()];
  const held = await holdPort(first);
  held.leave();
  await new Promise<void>((resolve) => second.listen(held.port, '127.0.0.1', resolve));
  t.after(() => second.close());
  await assert.rejects(held.comeBack(), /EADDRINUSE/);
});

test('an upstream that a test forgets does not keep the process alive', () => {
  const program = `
    import { fakeUpstream, withFaults } from '@flotilla/testing';
    import { serveApp } from '@flotilla/testing/http';
    const stock = await fakeUpstream();
    stock.on('GET /a', { body: 'ok' });
    const way = await withFaults(stock.url);
    const app = await serveApp((app) => app.get('/b', () => 'ok'));
    const said = [await (await fetch(way.url + '/a')).text(), (await app.ask('GET', '/livez')).text];
    console.log(said.join());`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.equal(result.stdout, 'ok,ok\n', result.stderr);
  assert.equal(result.signal, null, 'it has ended by itself');
});

test('a port that was found free is found by no other test for a minute', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-reserved-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  t.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true });
  });
  assert.equal(reservePort(20_001), true);
  assert.equal(reservePort(20_001), false);
  assert.equal(reservePort(20_002), true);
  const old = new Date(Date.now() - 61_000);
  utimesSync(join(folder, 'flotilla-test-ports', '20001'), old, old);
  assert.equal(reservePort(20_001), true);
  assert.equal(reservePort(20_001), false);
});
