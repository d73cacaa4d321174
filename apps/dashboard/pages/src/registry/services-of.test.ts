import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceInstance } from '@flotilla/contracts';
import { servicesOf } from './services-of.ts';

test('instances are counted by service, the worst status wins, and tags of several are named once', () => {
  const rows = servicesOf([
    instance('users', { tags: ['eu', 'v2'] }),
    instance('orders', { status: 'critical', ready: false }),
    instance('users', { status: 'warning', tags: ['v2'] }),
    instance('orders', { status: 'maintenance', ready: false }),
  ]);
  assert.deepEqual(
    rows.map(({ name, ready, worst, tags }) => ({ name, ready, worst, tags })),
    [
      { name: 'orders', ready: 0, worst: 'critical', tags: [] },
      { name: 'users', ready: 2, worst: 'warning', tags: ['eu', 'v2'] },
    ],
  );
});

function instance(name: string, rest: Partial<ServiceInstance>): ServiceInstance {
  return {
    name,
    id: name,
    address: '127.0.0.1',
    port: 80,
    tags: [],
    metadata: {},
    weight: 1,
    status: 'passing',
    ready: true,
    serving: true,
    draining: false,
    lease_ms: 60_000,
    last_seen: '2026-01-01T00:00:00Z',
    registered_at: '2026-01-01T00:00:00Z',
    revision: 1,
    ...rest,
  };
}
