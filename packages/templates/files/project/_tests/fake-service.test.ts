import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeUpstream, startFleet } from '@flotilla/testing';

test('the gateway hands requests on as they are', async () => {
  // A service that the test plays: found like any other, and it remembers what it was asked.
  await using tinyGadgets = await fakeUpstream();
  tinyGadgets.on('GET /tiny-gadgets', { status: 200, body: [] });
  await using fleet = await startFleet({ only: ['gateway'], fakes: { 'tiny-gadget-service': tinyGadgets } });
  const answer = await fetch(`${fleet.url('gateway')}/tiny-gadgets?limit=5`);
  assert.deepEqual(await answer.json(), []);
  assert.equal(tinyGadgets.requests.at(-1)?.query.get('limit'), '5');
});
