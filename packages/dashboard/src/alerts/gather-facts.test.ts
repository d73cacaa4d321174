import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { Topology } from '../wire/index.ts';
import { gatherFacts } from './gather-facts.ts';

function sources(clock: FakeClock, asked: (readonly [number, number])[]) {
  const traffic = { requestsPerSecond: 2, errorShare: 0, p95Ms: 5 };
  return {
    clock,
    overview: async () => ({ programs: [], troubles: [] }),
    async topology(fromMs: number, toMs: number): Promise<Topology> {
      asked.push([clock.now() - fromMs, clock.now() - toMs]);
      const nodes = [
        { id: 'shop', kind: 'service', label: 'shop', traffic },
        { id: 'shop.db', kind: 'database', label: 'shop.db', traffic },
        { id: 'clients', kind: 'clients', label: 'clients' },
      ] as const;
      return { fromMs, toMs, nodes, edges: [] };
    },
    upstreams: async () => [],
    folders: [tmpdir(), '/no/such/folder'],
    gatewayUrl: 'http://127.0.0.1:1',
  };
}

test('the last two minutes are read each time, and the hour before only now and then', async () => {
  const clock = new FakeClock();
  const asked: (readonly [number, number])[] = [];
  const gather = gatherFacts(sources(clock, asked));
  const { traffic } = await gather();
  assert.deepEqual(
    traffic?.map(({ service, recent, usual }) => [service, recent.requests, usual?.requests]),
    [['shop', 240, 7_200]],
  );
  clock.advance(5_000);
  await gather();
  assert.deepEqual(asked, [
    [3_720_000, 120_000],
    [120_000, 0],
    [120_000, 0],
  ]);
  clock.advance(120_000);
  await gather();
  assert.equal(asked.length, 5);
});

test('what cannot be had is unknown, and keeps nothing else back', async () => {
  const clock = new FakeClock();
  const away = (): Promise<never> => Promise.reject(new Error('away'));
  const gather = gatherFacts({
    ...{ clock, overview: away, topology: away, upstreams: away },
    ...{ folders: [tmpdir(), '/no/such/folder'], gatewayUrl: 'https://127.0.0.1:1' },
  });
  const { disks, ...rest } = await gather();
  assert.deepEqual(rest, {
    ...{ nowMs: clock.now(), programs: undefined, troubles: undefined, traffic: undefined },
    ...{ upstreams: undefined, certificates: undefined },
  });
  assert.equal(disks?.length, 1);
  assert.ok((disks[0]?.totalBytes ?? 0) > (disks[0]?.freeBytes ?? 0));
});
