import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointOf } from './endpoint-of.ts';

test('zone, version and scheme are read from the metadata', () => {
  const instance = {
    name: 'web',
    id: 'w1',
    address: '10.0.0.1',
    port: 8_443,
    tags: [],
    weight: 1,
    status: 'passing',
    ready: true,
    serving: true,
    draining: false,
    lease_ms: 1_000,
    last_seen: '',
    registered_at: '',
    revision: 1,
  } as const;
  const of = (metadata: Readonly<Record<string, string>>): readonly unknown[] => {
    const { scheme, zone, version } = endpointOf({ ...instance, metadata });
    return [scheme, zone, version];
  };
  assert.deepEqual(of({}), ['http', undefined, undefined]);
  assert.deepEqual(of({ scheme: 'https', zone: 'a', version: '1' }), ['https', 'a', '1']);
  assert.deepEqual(of({ scheme: 'ftp' }), ['http', undefined, undefined]);
});
