import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { dispatch } from '../verbs/dispatch.ts';
import { verbTable } from '../verbs/verb-table.ts';

const instance = {
  ...{
    name: 'ships',
    address: '127.0.0.1',
    port: 8001,
    tags: [],
    metadata: {},
    weight: 1,
    lease_ms: 60_000,
    revision: 1,
  },
  ...{ last_seen: '2026-01-01T00:00:00Z', registered_at: '2026-01-01T00:00:00Z', status: 'passing' },
};
const pages: Readonly<Record<string, unknown>> = {
  '/services': [
    { ...instance, id: 'ships-1', ready: true, serving: true, draining: false },
    { ...instance, id: 'ships-2', ready: false, serving: true, draining: true },
    { ...instance, id: 'ships-3', ready: true, serving: true, draining: false, suspect_since: '2026-01-01T00:00:00Z' },
    { ...instance, id: 'ships-4', status: 'critical', ready: false, serving: false, draining: false },
    { ...instance, id: 'ships-5', name: 'old' },
  ],
  '/checks': [{ name: 'ships', id: 'ships-1', check: 'http', type: 'http', status: 'passing', output: '200 OK' }],
  '/checks?page=2': [
    { name: 'ships', id: 'ships-1', check: 'tcp', type: 'tcp', status: 'critical', output: '\u001b[2Jrefused\nmore' },
  ],
};

/** A registry that answers what stands above, to whoever has the token. */
const server = createServer((request, response) => {
  const { url = '' } = request;
  if (request.headers.authorization !== 'Bearer open') {
    response.writeHead(403, { 'content-type': 'application/problem+json' });
    response.end(
      JSON.stringify({ type: '', title: 'Forbidden', status: 403, code: 'FORBIDDEN', detail: 'This needs a token' }),
    );
    return;
  }
  const page = pages[url] ?? pages[url.replace(/\?$/, '')];
  if (url === '/checks' || url === '/checks?') response.setHeader('link', '</checks?page=2>; rel="next"');
  if (url === '/services') response.setHeader('x-registry-notice', '1 instance is kept though it is silent');
  response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(page ?? { type: '', title: 'x', status: 404, code: 'ROUTE_NOT_FOUND' }));
});
let url = '';
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address with a port.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

async function run(text: string, options: { columns?: number; token?: string } = {}) {
  const out = { stdout: '', stderr: '' };
  const terminal = options.columns === undefined ? {} : { isTTY: true, columns: options.columns };
  const code = await dispatch(text.split(' '), {
    env: { REGISTRY_URL: url, NO_COLOR: '1', REGISTRY_TOKEN: options.token ?? 'open' },
    stdout: { write: (written) => (out.stdout += written), ...terminal },
    stderr: { write: (written) => (out.stderr += written) },
    ...{ clock: systemClock, random: Math.random, cwd: '/', startedMs: 0, version: '0', verbs: verbTable },
    onStopRequest: () => undefined,
  });
  return { code, ...out };
}

describe('flotilla services', () => {
  test('says of each instance whether it gets new work, how many checks pass, and what the registry has to say', async () => {
    const { stdout } = await run('services');
    const rows = stdout.split('\n').map((row) => row.split(/ {2,}/));
    assert.deepEqual(rows[0], ['SERVICE', 'INSTANCE', 'ADDRESS', 'STATUS', 'STATE', 'CHECKS', 'SEEN']);
    assert.deepEqual(rows[1]?.slice(3, 6), ['passing', 'ready', '1/2']);
    assert.equal(rows[2]?.[4], 'draining');
    assert.equal(rows[3]?.[4], 'suspect');
    assert.deepEqual(rows[4]?.slice(3, 5), ['critical', 'not ready']);
    assert.match(stdout, /The registry says: 1 instance is kept though it is silent\n$/);
    assert.match(
      (await run('services nothing')).stdout,
      /No instance of nothing is registered .*\nTo learn why: flotilla explain nothing/,
    );
    assert.equal(JSON.parse((await run('services ships --json')).stdout).instances.length, 4);
  });

  test('fits into a narrow terminal', async () => {
    for (const columns of [50, 80])
      for (const row of (await run('services', { columns })).stdout.split('\n')) assert.ok(row.length <= columns, row);
  });
});

describe('flotilla checks', () => {
  test('lists the checks of all pages, with what each said on one harmless line', async () => {
    const { stdout } = await run('checks');
    assert.match(stdout, /ships +ships-1 +http +http +passing\n {4}200 OK\n/);
    assert.match(stdout, /tcp +critical\n {4}\\u001b\[2Jrefused\n$/);
    assert.equal(JSON.parse((await run('checks --json')).stdout).checks.length, 2);
  });

  test('says what is wrong', async () => {
    const mistake = await run('checks --status ill');
    assert.equal(mistake.code, 64);
    assert.match(mistake.stderr, /choose one of: passing, warning, critical, maintenance/);
    const refused = await run('checks', { token: 'another' });
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /The registry refuses this: This needs a token\. Check REGISTRY_TOKEN or --token, or ask/,
    );
    assert.match((await run('checks', { token: '' })).stderr, /Set REGISTRY_TOKEN, or pass --token/);
  });
});
