import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFleet } from '@flotilla/testing';

const headers = { 'content-type': 'application/json' };

test('a record added through the gateway survives a killed service', async () => {
  // The registry, the gateway and all services, as real processes on free ports.
  await using fleet = await startFleet();
  const url = `${fleet.url('gateway')}/tiny-gadgets`;
  const added = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ name: 'First' }) });
  assert.equal(added.status, 201);
  await fleet.kill('tiny-gadget-service');
  await fleet.start('tiny-gadget-service');
  assert.deepEqual(await (await fetch(`${url}/1`)).json(), { id: 1, name: 'First' });
});
