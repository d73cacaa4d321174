import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { createRegistry } from '../../registry.ts';
import { openSqliteStore } from '../../store/sqlite-store.ts';
import { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { NodeShapes } from '../shapes/node-shapes.ts';
import { AgentChecks } from './agent-checks.ts';

test('checks that come and go are not remembered for ever, and those that are there stay known', async (t) => {
  const clock = new FakeClock();
  const registry = await createRegistry({ store: openSqliteStore({ file: ':memory:', clock }), clock });
  t.after(() => registry.close());
  const node = { name: 'n1', id: 'a-b', address: '127.0.0.1', port: 8500, datacenter: 'dc1', meta: {} };
  const catalog = new ConsulCatalog(registry.view, new NodeShapes(node, registry.nodes));
  const looked = t.mock.method(catalog, 'own');
  const checks = new AgentChecks(catalog, clock);
  for (let index = 0; index < 40_000; index += 1) checks.remember('web', 'web-1', [{ check: `mine-${index}` }]);
  // Each time, all that has gone is forgotten.
  assert.equal(looked.mock.callCount(), 2);
});
