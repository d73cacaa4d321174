import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { engineCache } from '@flotilla/conformance/registries';
import { missing, programFor, temporaryFolder } from '../engine/programs.ts';
import { testWithEachConsul } from './each-consul.ts';
import { testWithEachEureka } from './each-eureka.ts';
import { startOurs } from './our-registry.ts';
import { startPrometheus } from './prometheus-server.ts';
import { put, sent } from './send.ts';

/** Debian leaves `consul_sd` out of newer ones. */
const olderPrometheus = join(engineCache, 'prometheus/usr/bin/prometheus');

testWithEachConsul('Prometheus finds targets with consul_sd at', async (t, start) => {
  if (!existsSync(olderPrometheus))
    return missing(t, 'Prometheus 2.24 is not there (tests/clients/install.sh)', 'prometheus');
  await using peer = await start();
  const register = (id: string, port: number): Promise<void> =>
    put(`${peer.url}/v1/agent/service/register`, {
      ID: id,
      Name: 'shop',
      Address: '127.0.0.1',
      Port: port,
      Tags: ['scraped'],
      Meta: { zone: 'a' },
      Check: { TTL: '60s', Status: 'passing' },
    });
  await using server = await startPrometheus(olderPrometheus, temporaryFolder(t), {
    consul_sd_configs: [
      { server: `127.0.0.1:${peer.port}`, services: ['shop'], tags: ['scraped'], refresh_interval: '1s' },
    ],
  });
  await register('shop-1', 9001);
  const firstMs = await server.until(['127.0.0.1:9001']);
  const [{ labels } = { labels: {} }] = await server.targets();
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(labels).filter(([name]) =>
        /_(service|service_id|tags|dc|health|service_metadata_zone)$/.test(name),
      ),
    ),
    {
      __meta_consul_dc: 'dc1',
      __meta_consul_health: 'passing',
      __meta_consul_service: 'shop',
      __meta_consul_service_id: 'shop-1',
      __meta_consul_service_metadata_zone: 'a',
      __meta_consul_tags: ',scraped,',
    },
  );
  await register('shop-2', 9002);
  const secondMs = await server.until(['127.0.0.1:9001', '127.0.0.1:9002']);
  await put(`${peer.url}/v1/agent/check/fail/service:shop-1`);
  await peer.restart();
  await put(`${peer.url}/v1/agent/service/deregister/shop-1`);
  const goneMs = await server.until(['127.0.0.1:9002']);
  await put(`${peer.url}/v1/agent/service/deregister/shop-2`);
  await server.until([]);
  t.diagnostic(`first after ${firstMs} ms, second after ${secondMs} ms, gone after a restart after ${goneMs} ms`);
});

test('Prometheus finds targets with http_sd at our registry', async (t) => {
  const prometheus = programFor(t, 'prometheus');
  if (prometheus === undefined) return;
  const folder = temporaryFolder(t);
  await using peer = await startOurs(folder);
  await using server = await startPrometheus(prometheus, folder, {
    http_sd_configs: [{ url: `${peer.url}/prometheus/targets`, refresh_interval: '1s' }],
  });
  const register = { name: 'shop', address: '127.0.0.1', port: 9001, lease_ms: 60_000, metadata: { zone: 'a' } };
  await sent('POST', `${peer.url}/register`, { ...register, id: 'shop-1' });
  const firstMs = await server.until(['127.0.0.1:9001']);
  const [{ labels } = { labels: {} }] = await server.targets();
  t.diagnostic(`after ${firstMs} ms: ${JSON.stringify(labels)}`);
  assert.ok(Object.values(labels).includes('shop'), JSON.stringify(labels));
  await peer.restart();
  await sent('POST', `${peer.url}/register`, { ...register, id: 'shop-2', port: 9002 });
  await server.until(['127.0.0.1:9001', '127.0.0.1:9002']);
  await sent('DELETE', `${peer.url}/services/shop/instances/shop-1`);
  await server.until(['127.0.0.1:9002']);
});

testWithEachEureka('Prometheus finds targets with eureka_sd at', async (t, start) => {
  const prometheus = programFor(t, 'prometheus');
  if (prometheus === undefined) return;
  await using peer = await start();
  await using server = await startPrometheus(prometheus, temporaryFolder(t), {
    eureka_sd_configs: [{ server: `${peer.url}/eureka`, refresh_interval: '1s' }],
  });
  const register = (id: string, port: number): Promise<unknown> =>
    sent('POST', `${peer.url}/eureka/apps/SHOP`, {
      instance: {
        ...{
          instanceId: id,
          hostName: '127.0.0.1',
          ipAddr: '127.0.0.1',
          app: 'SHOP',
          vipAddress: 'shop',
          status: 'UP',
        },
        port: { $: port, '@enabled': 'true' },
        metadata: { 'a.zone': 'a' },
        dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
      },
    });
  await register('shop-1', 9001);
  const firstMs = await server.until(['127.0.0.1:9001']);
  const [{ labels } = { labels: {} }] = await server.targets();
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(labels).filter(([name]) => /_(app_name|instance_id|port|status|vip_address|a_zone)$/.test(name)),
    ),
    {
      __meta_eureka_app_instance_id: 'shop-1',
      __meta_eureka_app_instance_metadata_a_zone: 'a',
      __meta_eureka_app_instance_port: '9001',
      __meta_eureka_app_instance_secure_port: '7002',
      __meta_eureka_app_instance_status: 'UP',
      __meta_eureka_app_instance_vip_address: 'shop',
      __meta_eureka_app_name: 'SHOP',
    },
  );
  await register('shop-2', 9002);
  await server.until(['127.0.0.1:9001', '127.0.0.1:9002']);
  await sent('DELETE', `${peer.url}/eureka/apps/SHOP/shop-1`);
  await server.until(['127.0.0.1:9002']);
  t.diagnostic(`first after ${firstMs} ms`);
});
