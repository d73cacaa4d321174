import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointKey } from './endpoint.ts';
import type { InstanceEntry } from './instance-entry.ts';
import { ServiceCatalog } from './service-catalog.ts';

function entry(id: string, port: number, name = 'web'): InstanceEntry {
  const record = { name, id, address: '10.0.0.1', port, tags: [], metadata: {}, weight: 1, lease_ms: 60_000 };
  return {
    endpoint: endpointKey(record.address, port),
    record: { ...record, registered_at: '2026-01-01T00:00:00.000Z' },
    createdRevision: 1,
    revision: 1,
    lastSeenMs: 0,
    owner: 'only',
    checked: 'passing',
    lease: undefined,
    client: undefined,
    maintenance: false,
    enteredMs: 0,
    lapsed: false,
  };
}

test('an endpoint leads to the instance that was put there last, until that one leaves', () => {
  const catalog = new ServiceCatalog();
  const [first, second] = [entry('one', 80), entry('two', 80)];
  catalog.put(first);
  catalog.put(second);
  catalog.remove(first);
  assert.equal(catalog.at(endpointKey('10.0.0.1', 80)), second);
  catalog.remove(second);
  assert.equal(catalog.at(endpointKey('10.0.0.1', 80)), undefined);
});

test('a service without instances is gone; removing twice is harmless', () => {
  const catalog = new ServiceCatalog();
  const only = entry('one', 80);
  catalog.put(only);
  catalog.put(entry('other', 80, 'api'));
  assert.deepEqual(catalog.names, ['api', 'web']);
  catalog.remove(only);
  catalog.remove(only);
  assert.deepEqual([catalog.names, catalog.size, catalog.pick('web')], [['api'], 1, undefined]);
});
