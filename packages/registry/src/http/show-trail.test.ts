import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { serveApp } from '@flotilla/testing/http';
import { createRegistry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { registryRoutes } from './routes.ts';

test('GET /trail answers the newest entries first, says where older ones begin, and refuses what is no place', async (t) => {
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    clock: systemClock,
  });
  t.after(() => registry.close());
  await using served = await serveApp((app) => registryRoutes(app, registry, { clock: systemClock }));
  const { url } = served;
  const register = (port: number): Promise<Response> =>
    fetch(`${url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'web', address: '10.0.0.1', port }),
    });
  for (const port of [1, 2, 3]) await register(port);
  const ids = async (path: string): Promise<{ ids: readonly unknown[]; link: string | null }> => {
    const answer = await fetch(url + path);
    const body = (await answer.json()) as { entries: readonly { id: string; by: unknown }[] };
    for (const { by } of body.entries) assert.deepEqual(by, { via: 'api', client: '127.0.0.1' });
    return { ids: body.entries.map(({ id }) => id), link: answer.headers.get('link') };
  };
  const first = await ids('/trail?limit=2&service=web');
  assert.deepEqual(first.ids, ['web-10.0.0.1-3', 'web-10.0.0.1-2']);
  const next = /^<(\/trail\?[^>]+)>; rel="next"$/.exec(first.link ?? '')?.[1] ?? assert.fail(String(first.link));
  assert.deepEqual(await ids(next), { ids: ['web-10.0.0.1-1'], link: null });
  assert.deepEqual((await ids(`/trail?from=${registry.revision - 1}`)).ids, ['web-10.0.0.1-3']);
  assert.deepEqual((await ids('/trail?before=99999999999999')).ids.length, 3);
  for (const query of ['from=x', 'before=-1', 'limit=0', 'limit=1001', 'service=a%20b', 'since=1'])
    assert.equal((await fetch(`${url}/trail?${query}`)).status, 400, query);
});
