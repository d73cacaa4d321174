import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { dispatch } from '../verbs/dispatch.ts';
import { verbTable } from '../verbs/verb-table.ts';

const users = { match: '/users/{id}', kind: 'proxy', services: ['user-service'], rewrite: '/u/{id}', policies: [] };
const orders = {
  ...{ match: '/orders', kind: 'proxy', methods: ['POST'], services: ['order-service'] },
  policies: [{ kind: 'ask', options: {} }],
};
const answers: Readonly<Record<string, unknown>> = {
  'GET /flotilla/routes': { routes: [users, orders] },
  'GET /flotilla/upstreams': {
    services: [
      {
        service: 'user-service',
        instances: [
          { id: 'u-1', address: '10.0.0.1:80', state: 'available', inFlight: 3, weight: 1 },
          { id: 'u-2', address: '10.0.0.2:80', state: 'set-aside', why: 'probe failed', inFlight: 0, weight: 1 },
        ],
      },
      { service: 'order-service', instances: [] },
    ],
  },
};

let asked: unknown;
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const what = `${request.method} ${request.url}`;
    let answer = answers[what];
    if (what === 'POST /flotilla/explain') {
      asked = JSON.parse(body);
      answer = {
        outcome: 'refused',
        steps: ['no route fits', 'it answers'],
        answer: { status: 404, code: 'ROUTE_NOT_FOUND' },
      };
    }
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { status: 404, code: 'ROUTE_NOT_FOUND', title: 'x' }));
  });
});
let url = '';
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address with a port.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});

async function run(...args: readonly string[]) {
  const out = { out: '', err: '' };
  const code = await dispatch(['gateway', ...args], {
    env: { GATEWAY_URL: url, NO_COLOR: '1' },
    stdout: { write: (written) => (out.out += written) },
    stderr: { write: (written) => (out.err += written) },
    ...{ clock: systemClock, random: Math.random, cwd: '/', startedMs: 0, version: '0', verbs: verbTable },
    onStopRequest: () => undefined,
  });
  return { code, ...out };
}

describe('flotilla gateway', () => {
  test('routes: a table, or those of one service as JSON', async () => {
    const { out } = await run('routes');
    assert.match(out, /^PATH +METHODS +SERVICES +ASKED FOR +POLICIES\n\/users\/\{id\} +all +user-service +\/u\/\{id\}/);
    const { out: json } = await run('routes', '--service', 'order-service', '--json');
    assert.deepEqual(JSON.parse(json), { routes: [orders] });
    assert.equal((await run('routes', '--service', 'ghost')).out, 'No route calls ghost.\n');
  });

  test('upstreams: each instance, with why it gets no requests', async () => {
    const { out } = await run('upstreams');
    assert.match(out, /u-1 +10\.0\.0\.1:80 +available +3 +1\n/);
    assert.match(out, /u-2 .*set-aside.*\n +probe failed\nNo instances: order-service\n$/);
  });

  test('explain: what would become of a request, step by step', async () => {
    const { out } = await run('explain', 'post', '/x?y=1', '-H', 'Accept: a, b', '-H', 'X-A:1');
    assert.equal(out, 'POST /x?y=1: refused, 404 ROUTE_NOT_FOUND\n 1. no route fits\n 2. it answers\n');
    assert.deepEqual(asked, { method: 'POST', target: '/x?y=1', headers: { Accept: 'a, b', 'X-A': '1' } });
    await run('explain', 'http://shop.example:8080/x?y');
    assert.deepEqual(asked, { method: 'GET', target: '/x?y', headers: { Host: 'shop.example:8080' } });
  });

  test('a mistake is told with what to type instead', async () => {
    for (const [args, expected] of [
      [[], /Say what to ask, for example: flotilla gateway explain/],
      [['route'], /"route" is not something to ask: choose routes, upstreams or explain/],
      [['routes', '/users'], /gateway routes takes no "\/users"/],
      [['explain'], /Say which request/],
      [['explain', 'POST'], /Say which path POST is for/],
      [['explain', 'users/1'], /"users\/1" is not a path: .*explain \/users\/1/],
      [['explain', '/', '-H', 'nonsense'], /--header: "nonsense" is not a field/],
      [['routes', '--gateway', 'here'], /--gateway: "here" is not the URL of a gateway/],
    ] as const) {
      const { code, err } = await run(...args);
      assert.equal(code, 64, args.join(' '));
      assert.match(err, expected);
    }
  });

  test('a gateway that cannot be reached, or does not tell, is told with what to do', async () => {
    const gone = createServer();
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo; // As above.
    gone.close();
    const away = await run('routes', '--gateway', `http://127.0.0.1:${port}`);
    assert.match(
      away.err,
      /Cannot reach the gateway at http:[/]{2}127\.0\.0\.1:\d+: nothing listens there\. Start the fleet/,
    );
    const silent = await run('routes', '--gateway', `${url}/elsewhere`);
    assert.match(silent.err, /does not tell this here\. .*ADMIN_PORT/);
    assert.deepEqual([silent.code, silent.out], [1, '']);
  });
});
