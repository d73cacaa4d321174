import assert from 'node:assert/strict';
import { type EventEmitter, once as nextEvent } from 'node:events';
import { test } from 'node:test';
import { servedRegistry } from '@flotilla/conformance';
import { Eureka } from 'eureka-js-client';

/** It is one of Node's emitters; its types do not say so. */
async function once(client: object, event: string): Promise<void> {
  await nextEvent(client as EventEmitter, event);
}

const silent = { warn() {}, info() {}, debug() {}, error() {} };

for (const shouldUseDelta of [false, true])
  test(`eureka-js-client registers, renews, discovers ${shouldUseDelta ? 'by deltas ' : ''}and leaves`, async (t) => {
    const { url, registry } = await servedRegistry(t);
    await registry.register({ name: 'user-service', address: '127.0.0.1', port: 8_001, id: 'u1' });
    const client = new Eureka({
      instance: {
        app: 'order-service',
        instanceId: 'o1',
        hostName: 'localhost',
        ipAddr: '127.0.0.1',
        port: { $: 8_002, '@enabled': true },
        vipAddress: 'order-service',
        dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
      },
      eureka: {
        host: '127.0.0.1',
        port: Number(new URL(url).port),
        servicePath: '/eureka/apps/',
        heartbeatInterval: 20,
        registryFetchInterval: 20,
        maxRetries: 0,
        shouldUseDelta,
      },
      // Its types lack the options that it has.
    } as ConstructorParameters<typeof Eureka>[0]);
    Object.assign(client, { logger: silent });
    const started = once(client, 'started');
    client.start();
    await started;
    t.after(() => client.stop(() => {}));
    const [shown] = registry.list('order-service');
    assert.deepEqual([shown?.id, shown?.address, shown?.port, shown?.ready], ['o1', '127.0.0.1', 8_002, true]);
    await once(client, 'heartbeat');
    const ports = (name: string): readonly number[] =>
      client.getInstancesByVipAddress(name).map(({ port }) => (port as { readonly $: number }).$); // What it was sent.
    assert.deepEqual(ports('user-service'), [8_001]);
    await registry.register({ name: 'user-service', address: '127.0.0.1', port: 8_003, id: 'u2' });
    while (ports('user-service').length < 2) await once(client, 'heartbeat');
    await registry.deregister('user-service', 'u1', { force: true });
    while (ports('user-service').length > 1) await once(client, 'heartbeat');
    assert.deepEqual(ports('user-service'), [8_003]);
    // What was forgotten registers again by itself.
    await registry.deregister('order-service', 'o1', { force: true });
    await once(client, 'registered');
    assert.equal(registry.list('order-service').length, 1);
    await new Promise((resolve) => client.stop(resolve));
    assert.deepEqual(registry.list('order-service'), []);
  });
