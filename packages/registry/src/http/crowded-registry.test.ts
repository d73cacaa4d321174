import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp, type HttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics, type Metrics } from '@flotilla/kit/telemetry';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { createRegistry, type Registry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { registryRoutes } from './routes.ts';

interface Serving {
  readonly app: HttpApp;
  readonly registry: Registry;
  readonly clock: FakeClock;
  readonly metrics: Metrics;
  readonly port: number;
}

/** About 15 kB of metadata. */
const bulk = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`key${index}`, 'x'.repeat(500)]));

/** A registry of 600 instances of together 9 MB: more than the system takes for a socket that is not read. */
async function serving(t: TestContext): Promise<Serving> {
  const clock = new FakeClock();
  const metrics = createMetrics();
  const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics });
  const store = openSqliteStore({ file: ':memory:', clock: systemClock });
  const registry = await createRegistry({ store, clock });
  registryRoutes(app, registry, { clock, metrics });
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  await Promise.all(
    Array.from({ length: 600 }, (_, index) =>
      registry.register({ name: `s${index % 3}`, address: '10.0.0.1', port: 1 + index, metadata: bulk }),
    ),
  );
  const address = app.server.address();
  return { app, registry, clock, metrics, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** Asks for `path` on a socket of its own, and reads nothing. */
function unread(t: TestContext, port: number, path: string): Socket {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.pause();
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
  return socket;
}

/** The registry's ends of the connections. */
function serverSockets({ app }: Serving): Set<Socket> {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

for (const path of ['/watch', '/services']) {
  test(`${path}: a client that never reads holds a slice or two, and is cut off and counted`, async (t) => {
    const its = await serving(t);
    const sockets = serverSockets(its);
    for (let count = 0; count < 10; count += 1) unread(t, its.port, path);
    const blocked = (): Socket[] => [...sockets].filter((socket) => socket.writableLength > 0);
    await waitUntil('every socket is full', () => blocked().length === 10);
    for (let count = 0; count < 20; count += 1) await turn();
    for (const socket of sockets) assert.ok(socket.writableLength < 400_000, `${socket.writableLength} bytes wait`);
    its.clock.advance(29_000);
    assert.equal(sockets.size, 10);
    its.clock.advance(10_000);
    await waitUntil('they are cut off', () => sockets.size === 0);
    assert.equal(its.registry.stats().watches, 0);
    const kind = path === '/watch' ? 'watch' : 'list';
    assert.match(
      its.metrics.render().body,
      new RegExp(`registry_readers_cut_off_total\\{kind="${kind}",reason="stalled"\\} 10`),
    );
  });
}

test('a client that reads a little now and then is not cut off, unless the whole takes too long', async (t) => {
  const its = await serving(t);
  const sockets = serverSockets(its);
  const client = unread(t, its.port, '/watch');
  await waitUntil('the socket is full', () => ([...sockets][0]?.writableLength ?? 0) > 0);
  const [socket] = [...sockets];
  const sent = (): number => (socket?.bytesWritten ?? 0) - (socket?.writableLength ?? 0);
  for (let step = 0; step < 5; step += 1) {
    its.clock.advance(20_000);
    assert.equal(sockets.size, 1, `cut off after ${step} steps`);
    const before = sent();
    while (sent() === before) {
      client.read();
      await turn();
    }
  }
  its.clock.advance(5_000);
  its.clock.advance(20_000);
  await waitUntil('it is cut off', () => sockets.size === 0);
  assert.match(its.metrics.render().body, /registry_readers_cut_off_total\{kind="watch",reason="slow"\} 1/);
});

test('requests are answered between the slices of many snapshots', async (t) => {
  const its = await serving(t);
  let snapshots = 0;
  for (let count = 0; count < 20; count += 1) {
    const socket = unread(t, its.port, '/watch');
    socket.on('data', (chunk) => {
      if (chunk.includes(']}\n\n')) snapshots += 1;
    });
    socket.resume();
  }
  await waitUntil('all have begun', () => its.registry.stats().watches === 20);
  assert.equal((await fetch(`http://127.0.0.1:${its.port}/health`)).status, 200);
  assert.ok(snapshots < 20, 'the request waited for all snapshots');
  await waitUntil('all have theirs', () => snapshots === 20);
});

test('a long list that nobody waits for any more is not built', async (t) => {
  const its = await serving(t);
  const sockets = serverSockets(its);
  const client = unread(t, its.port, '/services');
  await waitUntil('it has begun', () => ([...sockets][0]?.writableLength ?? 0) > 0);
  const socket = [...sockets][0] ?? assert.fail();
  client.destroy();
  await new Promise((resolve) => socket.once('close', resolve));
  assert.ok(socket.bytesWritten < 9_000_000, `${socket.bytesWritten} bytes were made`);
});

test('lists are paged by limit and cursor, over all services, whatever comes and goes', async (t) => {
  const its = await serving(t);
  const all = its.registry.listAll().map(({ id }) => id);
  const read: string[] = [];
  let next: string | undefined = '/services?limit=100';
  for (let pages = 0; next !== undefined && pages < 10; pages += 1) {
    const answer: Response = await fetch(`http://127.0.0.1:${its.port}${next}`);
    const page = (await answer.json()) as { name: string; id: string }[]; // Checked by what follows.
    read.push(...page.map(({ id }) => id));
    const last = page.at(-1) ?? assert.fail('an empty page');
    if (pages === 1) await its.registry.deregister(last.name, last.id);
    next = /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  assert.deepEqual(read, all);
});

test('the next page keeps the filter, the last page has no link, and a foreign cursor is a 400', async (t) => {
  const its = await serving(t);
  const at = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${its.port}${path}`);
  const first = await at(`/services/s1/instances?limit=150&served=true&meta.key1=${'x'.repeat(500)}`);
  const next = /<(.*)>/.exec(first.headers.get('link') ?? '')?.[1] ?? assert.fail('no link');
  assert.match(next, /^\/services\/s1\/instances\?limit=150&served=true&meta\.key1=x+&cursor=/);
  await first.arrayBuffer();
  const second = await at(next);
  assert.equal(((await second.json()) as unknown[]).length, 50); // An array, or the length is undefined.
  assert.equal(second.headers.get('link'), null);
  for (const query of ['cursor=abc', 'cursor=', 'limit=0', 'limit=1001', 'limit=x'])
    assert.equal((await at(`/services?${query}`)).status, 400, query);
});

test('a long list has its head first, and then parts that form one array', async (t) => {
  const its = await serving(t);
  const head = await fetch(`http://127.0.0.1:${its.port}/services`, { method: 'HEAD' });
  const answer = await fetch(`http://127.0.0.1:${its.port}/services`);
  for (const { status, headers } of [head, answer]) {
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(headers.get('x-registry-revision'), String(its.registry.revision));
  }
  assert.deepEqual(await answer.json(), its.registry.listAll());
});
