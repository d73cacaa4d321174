import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { serveApp } from '@flotilla/testing/http';
import { createRegistry, type Registry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { PollTexts } from './poll-texts.ts';
import { registryRoutes } from './routes.ts';

async function opened(t: TestContext, maxWatches = 100): Promise<Registry> {
  const store = openSqliteStore({ file: ':memory:', clock: new FakeClock(0) });
  const registry = await createRegistry({ store, clock: systemClock, maxWatches });
  t.after(() => registry.close());
  return registry;
}

/** Waits until so many wait. */
async function waiting(registry: Registry, count: number): Promise<void> {
  while (registry.topics.waiting !== count) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a list that is waited for is answered when something of it has changed, and by nothing else', async (t) => {
  const registry = await opened(t);
  await using served = await serveApp((app) => registryRoutes(app, registry, { clock: systemClock }));
  await registry.register({ name: 'web', address: '10.0.0.1', port: 1 });
  const ask = async (path: string): Promise<{ index: string | null; ports: readonly number[] }> => {
    const answer = await fetch(served.url + path);
    const list = (await answer.json()) as readonly { port: number }[];
    return { index: answer.headers.get('x-registry-revision'), ports: list.map(({ port }) => port) };
  };
  const { index } = await ask('/services/web/instances');
  let answered = 0;
  const polls = ['/services/web/instances', '/services'].map((path) =>
    ask(`${path}?index=${index}&wait=5m`).finally(() => (answered += 1)),
  );
  await waiting(registry, 2);
  await registry.register({ name: 'web', address: '10.0.0.1', port: 1 });
  registry.renew('web', 'web-10.0.0.1-1');
  assert.equal(registry.topics.waiting, 2);
  await registry.register({ name: 'api', address: '10.0.0.2', port: 2 });
  assert.deepEqual((await polls[1])?.ports, [2, 1]);
  assert.deepEqual([answered, registry.topics.waiting], [1, 1]);
  await registry.setStatus('web', 'web-10.0.0.1-1', 'maintenance');
  const first = await polls[0];
  assert.deepEqual(first?.ports, [1]);
  assert.ok(Number(first?.index) > Number(index));
  // An index that is behind is answered at once, and a wait that is over with what there is.
  assert.deepEqual((await ask(`/services/web/instances?index=${index}&wait=5m`)).ports, [1]);
  assert.deepEqual((await ask(`/services/web/instances?index=${first?.index}&wait=20ms`)).ports, [1]);
  for (const query of ['index=x', `index=${index}&wait=11m`, `index=${index}&wait=1h`])
    assert.equal((await fetch(`${served.url}/services?${query}`)).status, 400, query);
});

test('a client that leaves is forgotten; too many are refused, streams and polls together; a stop ends them all', async (t) => {
  const registry = await opened(t, 2);
  await using served = await serveApp((app) => registryRoutes(app, registry, { clock: systemClock }));
  await registry.register({ name: 'web', address: '10.0.0.1', port: 1 });
  const url = `${served.url}/services?index=${registry.revision}&wait=5m`;
  const leaving = new AbortController();
  const left = fetch(url, { signal: leaving.signal });
  await waiting(registry, 1);
  leaving.abort();
  await assert.rejects(left);
  await waiting(registry, 0);
  const kept = fetch(url);
  await waiting(registry, 1);
  const stream = await fetch(`${served.url}/watch`);
  assert.equal((await fetch(url)).status, 503);
  assert.equal((await fetch(`${served.url}/watch`)).status, 503);
  registry.endWatches();
  assert.equal((await kept).status, 200);
  await stream.text();
});

test('the text of a list is made once for all polls that wait for it, and again after a change', () => {
  const clock = new FakeClock();
  const texts = new PollTexts(clock);
  let made = 0;
  const get = (list: string, revision: number): string => texts.get(list, revision, () => `${(made += 1)}`);
  assert.deepEqual([get('web', 1), get('web', 1), get('api', 1)], ['1', '1', '2']);
  assert.equal(get('web', 2), '3');
  clock.advance(1_000);
  assert.equal(get('web', 2), '4');
});
