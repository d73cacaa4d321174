import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorityOf, type Endpoint, isSameEndpoint } from './index.ts';

const one: Endpoint = {
  id: 'a',
  scheme: 'http',
  address: '10.0.0.1',
  port: 9001,
  weight: 1,
  tags: ['canary', 'blue'],
  metadata: { owner: 'crew', rack: '7' },
  zone: 'north',
  version: '1.2',
};

test('an IPv6 address gets its brackets', () => {
  assert.equal(authorityOf({ address: '10.0.0.1', port: 80 }), '10.0.0.1:80');
  assert.equal(authorityOf({ address: 'fd00::1', port: 80 }), '[fd00::1]:80');
  assert.equal(authorityOf({ address: 'box.example', port: 80 }), 'box.example:80');
});

test('endpoints are equal if all their fields are', () => {
  const copy = { ...one, tags: [...one.tags], metadata: { rack: '7', owner: 'crew' } };
  assert.ok(isSameEndpoint(one, copy));
  const changes: readonly Partial<Endpoint>[] = [
    { id: 'b' },
    { scheme: 'https' },
    { address: '10.0.0.2' },
    { port: 1 },
    { weight: 0 },
    { tags: ['canary'] },
    { tags: ['blue', 'canary'] },
    { metadata: { owner: 'crew' } },
    { metadata: { owner: 'crew', rack: '8' } },
    { metadata: { owner: 'crew', constructor: '7' } },
    { zone: undefined },
    { version: '1.3' },
  ];
  for (const change of changes) assert.ok(!isSameEndpoint(one, { ...one, ...change }), JSON.stringify(change));
});
