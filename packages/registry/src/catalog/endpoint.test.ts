import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceIdSchema } from '@flotilla/contracts';
import { defaultInstanceId, endpointKey } from './endpoint.ts';

test('all spellings of one address have the same key; other addresses and ports have others', () => {
  assert.equal(endpointKey('::1', 80), endpointKey('0:0:0:0:0:0:0:1', 80));
  assert.equal(endpointKey('FE80::A', 80), endpointKey('fe80::a', 80));
  assert.equal(endpointKey('Web.Example', 80), endpointKey('web.example', 80));
  assert.equal(endpointKey('web.example.', 80), endpointKey('web.example', 80));
  assert.equal(endpointKey('::ffff:10.0.0.1', 80), endpointKey('10.0.0.1', 80));
  assert.notEqual(endpointKey('10.0.0.1', 80), endpointKey('10.0.0.1', 81));
  assert.notEqual(endpointKey('10.0.0.1', 80), endpointKey('10.0.0.2', 80));
});

test('a default id is readable, stable, and valid, however long the address is', () => {
  assert.equal(defaultInstanceId('web', '10.0.0.1', 80), 'web-10.0.0.1-80');
  assert.equal(defaultInstanceId('web', '::1', 80), 'web-::1-80');
  const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example`;
  const id = defaultInstanceId('n'.repeat(63), long, 65_535);
  assert.ok(instanceIdSchema.safeParse(id).success, id);
  assert.equal(defaultInstanceId('n'.repeat(63), long, 65_535), id);
  assert.notEqual(defaultInstanceId('n'.repeat(63), long, 65_534), id);
});
