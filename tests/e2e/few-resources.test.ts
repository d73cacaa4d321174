import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { localCluster } from '@flotilla/conformance';
import { freePort } from '@flotilla/testing';
import { eventually } from './support/eventually.ts';
import { spawnCommand } from './support/spawned.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'few-resources-'));
after(() => rm(folder, { recursive: true }));

const get = 'GET /users HTTP/1.1\r\nHost: localhost\r\n';

interface Caller {
  readonly socket: Socket;
  /** The status of its last answer; 0: none yet, -1: closed without one. */
  readonly status: number;
  readonly body: string;
}

/** A client that sends `bytes` and keeps its connection. */
function caller(port: number, bytes: string): Caller {
  const socket = connect({ port, host: '127.0.0.1' });
  const seen = { socket, status: 0, body: '' };
  socket.on('error', () => undefined);
  socket.on('connect', () => socket.write(bytes));
  socket.on('data', (chunk) => {
    seen.body += chunk.toString('latin1');
    seen.status = Number(/^HTTP\/1\.1 (\d{3})/.exec(seen.body)?.[1] ?? 0);
  });
  socket.on('close', () => {
    seen.status ||= -1;
  });
  return seen;
}

function counts(callers: readonly Caller[]): Record<number, number> {
  const found: Record<number, number> = {};
  for (const { status } of callers) found[status] = (found[status] ?? 0) + 1;
  return found;
}

test('a gateway that may open few files serves as many clients as it can, refuses the others, and blames no instance', async () => {
  await using cluster = await localCluster({ instances: { gateway: 0, 'order-service': 0 } });
  await cluster.whenRegistered();
  const port = await freePort();
  const gateway = spawnCommand(
    'sh',
    ['-c', 'ulimit -n 200 && exec "$0" "$@"', process.execPath, 'apps/gateway/src/main.ts'],
    {
      ...{ SERVER_HOST: '127.0.0.1', SERVER_PORT: String(port), MAX_WORKERS: '1', LOG_FORMAT: 'json' },
      REGISTRY_URL: cluster.url('service-registry'),
    },
  );
  try {
    const [, clients = ''] = await gateway.says(/"clientConnections":(\d+),.*may open too few files/);
    await gateway.says(/all workers are ready/);
    const callers = Array.from({ length: 300 }, () => caller(port, `${get}\r\n`));
    await eventually('all have been told', () => callers.every(({ status }) => status !== 0));
    const { 200: served = 0, 503: refused = 0, ...others } = counts(callers);
    // Some are closed without a word, when too many come in one moment.
    assert.deepEqual(
      Object.keys(others).filter((status) => status !== '-1'),
      [],
    );
    assert.equal(served, Number(clients));
    assert.ok(refused > 0);
    assert.match(callers.find(({ status }) => status === 503)?.body ?? '', /GATEWAY_EXHAUSTED/);
    await gateway.says(/"limit":"openFiles".*no file descriptors left/);
    for (const { socket } of callers) socket.destroy();
    await eventually('there is room again', async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/users`).catch(() => undefined);
      return answer?.status === 200;
    });
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    assert.match(metrics, /gateway_upstreams\{service="user-service",state="set_aside"\} 0\n/);
    assert.ok(Number(/refused_connections_total\{limit="open_files"\} (\d+)/.exec(metrics)?.[1]) >= refused);
    assert.doesNotMatch(metrics, /error_type="refused"/);
  } finally {
    gateway.child.kill('SIGTERM');
    await gateway.ended;
  }
});

test('many slow uploads of one client do not affect the others', async () => {
  const config = path.join(folder, 'routes.mjs');
  await writeFile(
    config,
    `export const gateway = {
      trustedProxies: ['127.0.0.1'],
      limits: { connectionsPerUpstream: 64 },
      routes: [{ kind: 'proxy', match: '/users', service: 'user-service' }],
    };`,
  );
  await using cluster = await localCluster({
    instances: { 'order-service': 0 },
    envOf: { gateway: { GATEWAY_CONFIG: config, MAX_WORKERS: '2' } },
  });
  await cluster.whenRegistered();
  const port = Number(new URL(cluster.url('gateway')).port);
  const head =
    'POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Forwarded-For: 192.0.2.1\r\n';
  const slow = Array.from({ length: 300 }, (_, at) =>
    caller(port, `${head}${at % 2 === 0 ? 'Content-Length: 1000' : 'Transfer-Encoding: chunked'}\r\n\r\n`),
  );
  await eventually('all are connected', () => slow.every(({ socket }) => socket.readyState === 'open'));
  const bytes = setInterval(() => {
    for (const [at, { socket }] of slow.entries()) if (socket.writable) socket.write(at % 2 === 0 ? ' ' : '1\r\n \r\n');
  }, 1_000);
  try {
    const others: Caller[] = [];
    await eventually('the slow ones are told', () => {
      others.push(caller(port, `${get}X-Forwarded-For: 192.0.2.2\r\n\r\n`));
      return slow.every(({ status }) => status !== 0);
    });
    await eventually('the others are answered', () => others.every(({ status }) => status !== 0));
    assert.deepEqual(Object.keys(counts(others)), ['200']);
    assert.deepEqual(counts(slow), { 408: 300 });
    for (const { socket } of others) socket.destroy();
  } finally {
    clearInterval(bytes);
    for (const { socket } of slow) socket.destroy();
  }
});
