import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type Clock, systemClock, type WatchEvent, watchEventSchema } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { createRegistry, type Registry } from '../registry.ts';
import type { RegistryOptions } from '../state/options.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { registryRoutes } from './routes.ts';

interface Serving {
  readonly registry: Registry;
  readonly port: number;
  close(): Promise<void>;
}

async function serving(t: TestContext, options: Partial<RegistryOptions> & { clock?: Clock } = {}): Promise<Serving> {
  const clock = options.clock ?? systemClock;
  const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics: createMetrics() });
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    ...options,
    clock,
  });
  registryRoutes(app, registry, { clock, bookmarkAfterMs: 15_000, stalledAfterMs: 30_000 });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const close = async (): Promise<void> => {
    await app.close();
    await registry.close();
  };
  t.after(close);
  const address = app.server.address();
  return { registry, close, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

interface Stream {
  readonly response: IncomingMessage;
  /** The frames so far, without the empty line between them. */
  readonly frames: () => readonly string[];
  readonly events: () => readonly WatchEvent[];
  leave(): void;
}

async function watching(port: number, path = '/watch', headers: Record<string, string> = {}): Promise<Stream> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request({ port, path, headers, host: '127.0.0.1' }, resolve).on('error', reject);
  outgoing.end();
  const response = await promise;
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  response.on('error', () => {});
  const frames = (): readonly string[] => text.split('\n\n').slice(0, -1);
  return {
    response,
    frames,
    events: () =>
      frames()
        .filter((frame) => frame.startsWith('event:'))
        .map((frame) => watchEventSchema.parse(JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? ''))),
    leave: () => outgoing.destroy(),
  };
}

const web = (port: number): { name: string; address: string; port: number } => ({ name: 'web', address: '::1', port });

function brief(stream: Stream): readonly string[] {
  return stream
    .events()
    .map((event) => (event.type === 'reset' ? `reset ${event.reason}` : `${event.type} ${event.revision}`));
}

test('a stream starts with retry and a snapshot, then sends each change with its type and revision', async (t) => {
  const { registry, port } = await serving(t);
  await registry.register(web(1));
  const stream = await watching(port);
  assert.equal(stream.response.headers['content-type'], 'text/event-stream; charset=utf-8');
  assert.equal(stream.response.headers['cache-control'], 'no-store');
  await waitUntil('the snapshot came', () => stream.frames().length === 2);
  const { instance } = await registry.register(web(2));
  await registry.deregister('web', instance.id);
  await waitUntil('the changes came', () => stream.frames().length === 4);
  const [retry, snapshot, put, gone] = stream.frames();
  assert.equal(retry, 'retry: 1000');
  assert.match(snapshot ?? '', /^event: snapshot\nid: 1\ndata: \{"type":"snapshot","revision":1,/);
  assert.equal(put, `event: put\nid: 2\ndata: ${JSON.stringify({ type: 'put', revision: 2, instance })}`);
  assert.match(gone ?? '', /^event: delete\nid: 3\ndata: .*"reason":"deregistered"/);
});

test('the snapshot and the changes contain only the requested services', async (t) => {
  const { registry, port } = await serving(t);
  for (const [port, name] of ['a', 'b', 'c'].entries()) await registry.register({ ...web(1 + port), name });
  const stream = await watching(port, '/watch?service=a&service=c');
  for (const [port, name] of ['b', 'c', 'b', 'a'].entries()) await registry.register({ ...web(4 + port), name });
  await waitUntil('the changes came', () => brief(stream).length === 3);
  assert.deepEqual(brief(stream), ['snapshot 3', 'put 5', 'put 7']);
  const [first] = stream.events();
  assert.deepEqual(first?.type === 'snapshot' && first.instances.map(({ name }) => name), ['a', 'c']);
});

test('a stream resumes by Last-Event-ID or else by from, and says when it must start over', async (t) => {
  const { registry, port } = await serving(t, { historyEvents: 3 });
  for (let index = 1; index <= 5; index += 1) await registry.register(web(index));
  for (const [path, headers, expected] of [
    ['/watch?from=4', {}, ['put 5', 'bookmark 5']],
    ['/watch?from=2', {}, ['put 3', 'put 4', 'put 5', 'bookmark 5']],
    ['/watch?from=1', { 'last-event-id': '3' }, ['put 4', 'put 5', 'bookmark 5']],
    ['/watch?from=1', {}, ['reset compacted', 'snapshot 5']],
    ['/watch', { 'last-event-id': '6' }, ['reset future', 'snapshot 5']],
    ['/watch?from=5', {}, ['bookmark 5']],
    ['/watch?service=other&from=3', {}, ['bookmark 5']],
    ['/watch', { 'last-event-id': '' }, ['snapshot 5']],
  ] as const) {
    const stream = await watching(port, path, { ...headers });
    await waitUntil(`${path} gave its events`, () => brief(stream).length >= expected.length);
    assert.deepEqual(brief(stream), expected, path);
    stream.leave();
  }
});

test('a Last-Event-ID that is not a revision is a 400; an Accept without event streams is a 406', async (t) => {
  const { port } = await serving(t);
  for (const [headers, status] of [
    [{ 'last-event-id': 'abc' }, 400],
    [{ accept: 'application/json' }, 406],
    [{ accept: 'text/event-stream;q=0, */*' }, 406],
    [{ accept: 'text/*' }, 200],
    [{ accept: 'application/json, */*;q=0.1' }, 200],
    [{ accept: 'TEXT/Event-Stream' }, 200],
  ] as const) {
    const stream = await watching(port, '/watch', { ...headers });
    assert.equal(stream.response.statusCode, status, JSON.stringify(headers));
    stream.leave();
  }
});

test('more streams than allowed are refused with 503, until one leaves', async (t) => {
  const { registry, port } = await serving(t, { maxWatches: 2 });
  const [first] = [await watching(port), await watching(port)];
  const refused = await watching(port);
  assert.equal(refused.response.statusCode, 503);
  assert.equal(refused.response.headers['retry-after'], '5');
  first.leave();
  await waitUntil('the registry noticed', () => registry.stats().watches === 1);
  assert.equal((await watching(port)).response.statusCode, 200);
});

test('a HEAD gets no stream', async (t) => {
  const { registry, port } = await serving(t);
  const answer = await fetch(`http://127.0.0.1:${port}/watch`, { method: 'HEAD' });
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal(registry.stats().watches, 0);
});

test('a bookmark comes after every 15 s of silence', async (t) => {
  const clock = new FakeClock();
  const { registry, port } = await serving(t, { clock });
  const stream = await watching(port, '/watch?service=web');
  await waitUntil('the snapshot came', () => brief(stream).length === 1);
  clock.advance(10_000);
  await registry.register({ ...web(2), name: 'other' });
  clock.advance(4_999);
  await registry.register(web(1));
  await waitUntil('the change came', () => brief(stream).length === 2);
  clock.advance(14_999);
  assert.equal(brief(stream).length, 2);
  for (const count of [3, 4]) {
    clock.advance(count === 3 ? 1 : 15_000);
    await waitUntil('the bookmark came', () => brief(stream).length === count);
  }
  assert.deepEqual(brief(stream), ['snapshot 0', 'put 2', 'bookmark 2', 'bookmark 2']);
});

test('a reader that stops reading holds no memory but its place, and is reset when it returns late', async (t) => {
  const { registry, port } = await serving(t, { historyEvents: 50 });
  const slow = await watching(port);
  await waitUntil('it has begun', () => brief(slow).length === 1);
  slow.response.pause();
  const metadata = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`k${index}`, 'x'.repeat(500)]));
  // 30 MB: far more than the sockets' buffers take.
  for (let round = 0; round < 20; round += 1) {
    const changes = Array.from({ length: 50 }, (_, index) => ({
      ...web(1 + index),
      metadata: { ...metadata, round: String(round) },
    }));
    await Promise.all(changes.map((change) => registry.register(change)));
  }
  slow.response.resume();
  await waitUntil('it knows the last change', () => brief(slow).at(-1)?.endsWith(' 1000') === true);
  assert.ok(brief(slow).includes('reset compacted'));
  assert.ok(brief(slow).length < 1_000);
});

test('closing the app ends the streams at once', async (t) => {
  const { port, close } = await serving(t);
  const stream = await watching(port);
  const ended = new Promise<void>((resolve) => stream.response.once('end', resolve));
  await Promise.all([ended, close()]);
});
