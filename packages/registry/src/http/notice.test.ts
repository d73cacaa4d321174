import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock, fakeClockStartMs } from '@flotilla/testing';
import { serveApp } from '@flotilla/testing/http';
import { createRegistry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { registryRoutes } from './routes.ts';

test('an empty answer says why: which instance went last, or that none was known', async (t) => {
  const clock = new FakeClock();
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    clock,
  });
  t.after(() => registry.close());
  await using served = await serveApp((app) => registryRoutes(app, registry, { clock }));
  const ask = async (path: string): Promise<{ notice: string | null; detail: unknown }> => {
    const answer = await fetch(served.url + path);
    const body: unknown = await answer.json();
    const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : undefined;
    return { notice: answer.headers.get('x-registry-notice'), detail };
  };
  const unknown = 'No instance of web is registered, and as far back as the registry remembers none was';
  assert.deepEqual(await ask('/services/web/instances'), { notice: unknown, detail: undefined });
  assert.equal((await ask('/service/web')).detail, unknown);

  await registry.register({ name: 'web', id: 'w1', address: '10.0.0.1', port: 80, lease_ms: 10_000 });
  assert.equal((await ask('/services/web/instances')).notice, null);
  assert.equal(
    (await ask('/services/web/instances?tag=blue')).notice,
    'Registered instances of web: 1; none passes the filter',
  );
  await registry.setStatus('web', 'w1', 'maintenance');
  assert.equal(
    (await ask('/service/web')).detail,
    'No instance of web gets new work (1 maintenance): see /explain/web',
  );

  await clock.advanceAsync(10_000);
  const [seen, gone] = [fakeClockStartMs, fakeClockStartMs + 10_000].map((ms) => new Date(ms).toISOString());
  const why = `No instance of web is registered; the last one, w1 was removed at ${gone}: its lease ran out, last heard of at ${seen}`;
  assert.equal((await ask('/services/web/instances')).notice, why);
  assert.equal((await ask('/service/web')).detail, why);
});

test('while many are kept, GET /guard, GET / and the lists say so', async (t) => {
  const clock = new FakeClock();
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    clock,
  });
  t.after(() => registry.close());
  await using served = await serveApp((app) => registryRoutes(app, registry, { clock }));
  for (let port = 1; port <= 6; port += 1)
    await registry.register({ name: 'web', address: '10.0.0.1', port, lease_ms: 10_000 });
  assert.deepEqual(await (await fetch(`${served.url}/guard`)).json(), {
    open: false,
    share_percent: 30,
    hold_ms: 300_000,
  });
  await clock.advanceAsync(10_000);
  const list = await fetch(`${served.url}/services/web/instances`);
  const at = new Date(fakeClockStartMs + 10_000).toISOString();
  const until = new Date(fakeClockStartMs + 310_000).toISOString();
  const why = '6 of 6 instances fell silent at about the same time';
  assert.equal(
    list.headers.get('x-registry-notice'),
    `${why} at ${at}; 6 are kept though they are silent, until ${until} at the latest: see /guard`,
  );
  const guard = {
    open: true,
    share_percent: 30,
    hold_ms: 300_000,
    since: at,
    until,
    why,
    suspects: 6,
    returned: 0,
    removed: 0,
    of: 6,
  };
  assert.deepEqual(await (await fetch(`${served.url}/guard`)).json(), guard);
  const index: unknown = await (await fetch(served.url)).json();
  assert.deepEqual(typeof index === 'object' && index !== null && 'guard' in index ? index.guard : undefined, guard);
});
