import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discoveryFor } from '@flotilla/registry-client';
import { recordingLogger, waitUntil } from '@flotilla/testing';
import { localCluster } from './local-cluster.ts';

test('a killed registry returns with its instances, and discovery goes from stale to fresh', async () => {
  await using cluster = await localCluster({ instances: { gateway: 0, 'order-service': 0, 'user-service': 2 } });
  const registry = cluster.one('service-registry');
  const discovery = discoveryFor(registry.url, { logger: recordingLogger() });
  try {
    const { endpoints } = await discovery.whenKnown('user-service', AbortSignal.timeout(20_000));
    assert.equal(endpoints.length, 2);
    await registry.kill();
    await waitUntil('stale', () => discovery.snapshot('user-service').state === 'stale');
    assert.equal(discovery.snapshot('user-service').endpoints, endpoints);
    await registry.start();
    await waitUntil('fresh', () => discovery.snapshot('user-service').state === 'fresh');
    assert.equal(discovery.snapshot('user-service').endpoints, endpoints);

    // An instance that stops says so; one that is killed is missing only when its lease has run out.
    await cluster.all('user-service')[0]?.kill('SIGTERM');
    await waitUntil('one is left', () => discovery.snapshot('user-service').endpoints.length === 1);
    await cluster.one('user-service').start();
    await waitUntil('both are there', () => discovery.snapshot('user-service').endpoints.length === 2);
  } finally {
    await discovery.close();
  }
});
