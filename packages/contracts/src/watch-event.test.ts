import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ServiceInstance, type WatchEvent, watchEventSchema } from './index.ts';

const instance: ServiceInstance = {
  name: 'user-service',
  id: 'user-service-1',
  address: '127.0.0.1',
  port: 8001,
  tags: [],
  metadata: {},
  weight: 1,
  status: 'passing',
  ready: true,
  serving: true,
  draining: false,
  lease_ms: 60_000,
  last_seen: '2026-01-01T00:00:00.000Z',
  registered_at: '2026-01-01T00:00:00.000Z',
  revision: 7,
};

const events: readonly WatchEvent[] = [
  { type: 'snapshot', revision: 7, instances: [instance] },
  { type: 'snapshot', revision: 0, instances: [] },
  { type: 'put', revision: 7, instance },
  { type: 'delete', revision: 8, name: 'user-service', id: 'user-service-1', reason: 'expired' },
  { type: 'bookmark', revision: 9 },
  { type: 'reset', reason: 'compacted' },
];

test('every event survives a round trip', () => {
  for (const event of events) assert.deepEqual(watchEventSchema.parse(JSON.parse(JSON.stringify(event))), event);
});

test('additions by a newer registry are ignored', () => {
  const newer = { type: 'put', revision: 7, instance: { ...instance, zone: 'b' }, cause: 'x' };
  assert.deepEqual(watchEventSchema.parse(newer), { type: 'put', revision: 7, instance });
});

test('an event that lacks something, or has an unknown type, is refused', () => {
  const broken = [
    { type: 'put', revision: 7 },
    { type: 'bookmark' },
    { type: 'move', revision: 7 },
    { revision: 7 },
    null,
  ];
  for (const event of broken) assert.ok(!watchEventSchema.safeParse(event).success, JSON.stringify(event));
});
