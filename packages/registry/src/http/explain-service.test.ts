import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { serveApp } from '@flotilla/testing/http';
import { createRegistry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { registryRoutes } from './routes.ts';

interface Explained {
  readonly summary: string;
  readonly instances: readonly { id: string; ready: boolean; why: string; checks: readonly unknown[] }[];
  readonly removed: readonly { id: string; why: string; by: unknown }[];
}

test('GET /explain says for each instance whether it gets work and why, and who removed the ones that are gone', async (t) => {
  const clock = new FakeClock();
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    clock,
  });
  t.after(() => registry.close());
  await using served = await serveApp((app) => registryRoutes(app, registry, { clock }));
  const register = (id: string, port: number, more: object = {}): Promise<unknown> =>
    registry.register({ name: 'web', id, address: '10.0.0.1', port, ...more });
  const by = { via: 'api', client: '10.0.0.9' } as const;
  await register('a-good', 1);
  await register('b-kept', 2);
  await registry.setStatus('web', 'b-kept', 'maintenance', undefined, by);
  await register('c-sick', 3);
  await registry.checks.put(
    { name: 'web', id: 'c-sick' },
    { check: 'db', status: 'critical', output: 'no answer\nfrom it', definition: { type: 'ttl', ttl_ms: 10_000 } },
  );
  await register('d-draining', 4);
  await registry.setDraining('web', 'd-draining', true, undefined, by);
  await register('e-reserve', 5, { weight: 0 });
  await register('f-gone', 6, { lease_ms: 1_000 });
  await clock.advanceAsync(1_000);
  await register('g-forced', 7);
  await registry.deregister('web', 'g-forced', { actor: by });
  const answer = await fetch(`${served.url}/explain/web`);
  const body = (await answer.json()) as Explained;
  assert.equal(body.summary, '2 of 5 instances get new work');
  const at = new Date(clock.now() - 1_000).toISOString();
  assert.deepEqual(
    body.instances.map(({ id, ready, why }) => [id, ready, why]),
    [
      ['a-good', true, 'It gets work'],
      ['b-kept', false, `It gets no work: an operator has put it into maintenance, set by 10.0.0.9 at ${at}`],
      ['c-sick', false, 'It gets no work: check db is critical (no answer)'],
      [
        'd-draining',
        false,
        `It gets no new work, and finishes what it has begun: it is draining, set by 10.0.0.9 at ${at}`,
      ],
      ['e-reserve', true, 'It gets work only when no other instance is left: its weight is 0'],
    ],
  );
  const chinese = await fetch(`${served.url}/explain/web`, { headers: { 'accept-language': 'zh' } });
  const { instances, removed, summary } = (await chinese.json()) as Explained;
  assert.equal(summary, '5 个实例中有 2 个接收新请求');
  assert.deepEqual([...instances, ...removed].map(({ why }) => why).slice(1, 4), [
    `它不接收请求：运维人员已将其置于维护状态，由 10.0.0.9 于 ${at} 设置`,
    '它不接收请求：检查 db 为 critical（no answer）',
    `它不接收新请求，只完成已开始的请求：它正在排空，由 10.0.0.9 于 ${at} 设置`,
  ]);
  const now = new Date(clock.now()).toISOString();
  assert.deepEqual(
    body.removed.map(({ id, why }) => [id, why]),
    [
      ['g-forced', `g-forced was removed at ${now} by 10.0.0.9: it was deregistered`],
      ['f-gone', `f-gone was removed at ${now}: its lease ran out, last heard of at ${at}`],
    ],
  );
  assert.equal((await fetch(`${served.url}/explain/unknown`)).status, 404);
  assert.equal((await fetch(`${served.url}/explain/a%20b`)).status, 400);
});
