import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedRegistry } from '@flotilla/conformance';

const web = { name: 'web', address: '10.0.0.1', port: 80, id: 'w1' };

test('every instance with a port is a target with labels', async (t) => {
  const { ask, registry } = await servedRegistry(t);
  const metadata = { zone: 'a', 'management.port': '81' };
  await registry.register({ ...web, tags: ['blue', 'v1'], metadata });
  await registry.register({ name: 'api', address: '2001:db8::1', port: 81, id: 'a1', status: 'critical' });
  const { status, type, text } = await ask('GET', '/prometheus/targets');
  assert.deepEqual([status, type], [200, 'application/json']);
  const label = (name: string): string => `__meta_flotilla_${name}`;
  assert.deepEqual(JSON.parse(text), [
    {
      targets: ['[2001:db8::1]:81'],
      labels: {
        [label('service')]: 'api',
        [label('instance')]: 'a1',
        [label('status')]: 'critical',
        [label('ready')]: 'false',
        [label('address')]: '2001:db8::1',
        [label('port')]: '81',
        [label('tags')]: '',
        [label('zone')]: '',
      },
    },
    {
      targets: ['10.0.0.1:80'],
      labels: {
        [label('service')]: 'web',
        [label('instance')]: 'w1',
        [label('status')]: 'passing',
        [label('ready')]: 'true',
        [label('address')]: '10.0.0.1',
        [label('port')]: '80',
        [label('tags')]: ',blue,v1,',
        [label('zone')]: 'a',
        [label('metadata_zone')]: 'a',
        [label('metadata_management_port')]: '81',
      },
    },
  ]);
});

test('the filters of the lists choose targets; a page is refused, since Prometheus would take it for all', async (t) => {
  const { ask, registry } = await servedRegistry(t);
  await registry.register({ ...web, tags: ['blue'], metadata: { zone: 'a' } });
  await registry.register({ ...web, id: 'w2', port: 81, status: 'critical' });
  await registry.register({ name: 'api', address: '10.0.0.1', port: 82 });
  for (const [query, count] of [
    ['', 3],
    ['?served=true', 2],
    ['?status=critical', 1],
    ['?tag=blue', 1],
    ['?meta.zone=a', 1],
    ['/web', 2],
    ['/web?served=true', 1],
    ['/none', 0],
  ] as const) {
    const { text } = await ask('GET', `/prometheus/targets${query}`);
    assert.equal((JSON.parse(text) as readonly unknown[]).length, count, query);
  }
  for (const query of ['?limit=1', '?nothing=1', '?served=maybe'])
    assert.equal((await ask('GET', `/prometheus/targets${query}`)).status, 400, query);
});
