import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { type Answer, serveApp } from '@flotilla/testing/http';
import { createRegistry, type Registry } from '../../registry.ts';
import { openSqliteStore } from '../../store/sqlite-store.ts';
import { consulRoutes } from '../consul-routes.ts';

const node = { name: 'n1', id: 'a-b', address: '127.0.0.1', port: 8500, datacenter: 'dc1', meta: {} };

interface Served {
  readonly url: string;
  readonly clock: FakeClock;
  readonly registry: Registry;
  readonly get: (target: string) => Promise<Answer>;
  readonly put: (target: string, body?: object) => Promise<Answer>;
  /** The index of a query now. */
  readonly indexOf: (target: string) => Promise<string>;
  /** Resolves when so many queries wait. */
  readonly waiting: (count: number) => Promise<void>;
}

async function serving(t: TestContext, { random = 0, maxBlockingQueries = 100 } = {}): Promise<Served> {
  const clock = new FakeClock(0);
  const registry = await createRegistry({ store: openSqliteStore({ file: ':memory:', clock }), clock });
  const app = await serveApp((scope) =>
    consulRoutes(scope, registry, {
      ...{ node, clock, random: () => random, maxBlockingQueries, onBackgroundError: assert.fail },
    }),
  );
  t.after(async () => {
    registry.endWatches();
    await app.close();
    await registry.close();
  });
  const get = (target: string): Promise<Answer> => app.ask('GET', target);
  return {
    ...{ url: app.url, clock, registry, get },
    put: (target, body) => app.ask('PUT', target, body),
    indexOf: async (target) => (await get(target)).headers.get('x-consul-index') ?? assert.fail('It has no index'),
    waiting: (count) => waitUntil(`${count} queries wait`, () => registry.topics.waiting === count),
  };
}

const web = { Name: 'web', Check: { TTL: '60s', Status: 'passing' } };

describe('a blocking query', () => {
  it('is answered at once without an index, with 0, and with one that is in the past', async (t) => {
    const { get, put } = await serving(t);
    await put('/v1/agent/service/register', web);
    for (const query of ['', '?index=0', '?index=0&wait=10m', '?index=1&wait=10m', '?wait=10m'])
      assert.equal((await get(`/v1/health/service/web${query}`)).status, 200);
  });

  it('waits for its time and a part of it more, also with an index that was never reached', async (t) => {
    const { get, put, clock, waiting, indexOf } = await serving(t, { random: 1 });
    await put('/v1/agent/service/register', web);
    const index = await indexOf('/v1/health/service/web');
    let answered = 0;
    const both = [index, '99999999999999999999'].map(async (after) => {
      const answer = await get(`/v1/health/service/web?index=${after}&wait=16s`);
      answered += 1;
      assert.deepEqual([answer.status, answer.headers.get('x-consul-index')], [200, index]);
    });
    await waiting(2);
    clock.advance(16_999);
    assert.equal(answered, 0);
    clock.advance(1);
    await Promise.all(both);
  });

  it('wakes by what it asks for, and by nothing else', async (t) => {
    const { get, put, waiting, indexOf } = await serving(t);
    await put('/v1/agent/service/register', web);
    const path = '/v1/health/service/web';
    const index = await indexOf(path);
    const woken = get(`${path}?index=${index}`);
    await waiting(1);
    // Another service, the same again, and the same status with another note.
    await put('/v1/agent/service/register', { Name: 'other' });
    await put('/v1/agent/service/register', web);
    await put('/v1/agent/check/pass/service:web?note=still');
    await waiting(1);
    assert.equal(await indexOf(path), index);
    await put('/v1/agent/check/fail/service:web?note=now');
    const answer = await woken;
    assert.match(answer.text, /"Status":"critical".*"Output":"now"/);
    assert.ok(Number(answer.headers.get('x-consul-index')) > Number(index));
  });

  it('waits for a service that is not there yet, and is told when the last instance goes', async (t) => {
    const { get, put, waiting, indexOf } = await serving(t);
    const path = '/v1/health/service/web';
    const coming = get(`${path}?index=${await indexOf(path)}`);
    await waiting(1);
    await put('/v1/agent/service/register', web);
    const came = await coming;
    assert.match(came.text, /"Service":"web"/);
    const going = get(`${path}?index=${came.headers.get('x-consul-index')}`);
    await waiting(1);
    await put('/v1/agent/service/deregister/web');
    assert.equal((await going).text, '[]');
  });

  it('for the list of services is not woken by a check', async (t) => {
    const { get, put, waiting, indexOf } = await serving(t);
    await put('/v1/agent/service/register', web);
    const woken = get(`/v1/catalog/services?index=${await indexOf('/v1/catalog/services')}`);
    await waiting(1);
    await put('/v1/agent/check/fail/service:web');
    await waiting(1);
    await put('/v1/agent/service/register', { Name: 'other' });
    assert.equal((await woken).text, '{"consul":[],"other":[],"web":[]}');
  });

  it('for an instance on a node is woken by what is said of the node', async (t) => {
    const { get, put, waiting, indexOf } = await serving(t);
    await put('/v1/agent/service/register', web);
    const woken = get(`/v1/health/service/web?passing&index=${await indexOf('/v1/health/service/web')}`);
    await waiting(1);
    await put('/v1/agent/maintenance?enable=true');
    assert.equal((await woken).text, '[]');
  });

  it('for one service of the agent waits until it is another one', async (t) => {
    const { get, put, waiting } = await serving(t);
    await put('/v1/agent/service/register', web);
    const hash = (await get('/v1/agent/service/web')).headers.get('x-consul-contenthash');
    const woken = get(`/v1/agent/service/web?hash=${hash}`);
    await waiting(1);
    await put('/v1/agent/check/fail/service:web');
    await put('/v1/agent/service/register', { ...web, Port: 81 });
    const answer = await woken;
    assert.equal(answer.body?.['Port'], 81);
    assert.notEqual(answer.headers.get('x-consul-contenthash'), hash);
  });

  it('lets go of what it holds when its client leaves', async (t) => {
    const { url, get, put, indexOf, waiting } = await serving(t);
    await put('/v1/agent/service/register', web);
    const hash = (await get('/v1/agent/service/web')).headers.get('x-consul-contenthash');
    for (const target of [
      `/v1/health/service/web?index=${await indexOf('/v1/health/service/web')}`,
      `/v1/agent/service/web?hash=${hash}`,
      '/v1/event/list?index=1',
    ]) {
      const client = request(url + target);
      client.on('error', () => {});
      client.end();
      await waiting(1);
      client.destroy();
      await waiting(0);
    }
  });

  it('is refused when too many wait, with what to do', async (t) => {
    const { get, indexOf, waiting } = await serving(t, { maxBlockingQueries: 1 });
    const path = `/v1/health/service/web?index=${await indexOf('/v1/health/service/web')}`;
    void get(path).catch(() => {});
    await waiting(1);
    const refused = await get(path);
    assert.deepEqual(
      [refused.status, refused.text],
      [429, 'Too many blocking queries: this registry takes 1 at the same time'],
    );
  });

  it('ends when the registry stops', async (t) => {
    const { get, registry, indexOf, waiting } = await serving(t);
    const waitingFor = get(`/v1/health/service/web?index=${await indexOf('/v1/health/service/web')}`);
    await waiting(1);
    registry.endWatches();
    assert.equal((await waitingFor).status, 200);
  });

  it('is answered with one text for all waiting requests', async (t) => {
    const { get, put, waiting, indexOf, registry } = await serving(t);
    await put('/v1/agent/service/register', web);
    const index = await indexOf('/v1/health/service/web');
    const woken = Array.from({ length: 20 }, (_, place) =>
      get(`/v1/health/service/web?index=${index}&wait=${place + 60}s&token=t${place}`),
    );
    await waiting(20);
    const looked = t.mock.method(registry.view, 'instances');
    await registry.deregister('web', 'web');
    for (const answer of await Promise.all(woken)) assert.equal(answer.text, '[]');
    // Once to make the text, and once for what else changes could make another one of it.
    assert.ok(looked.mock.callCount() <= 2, String(looked.mock.callCount()));
  });
});
