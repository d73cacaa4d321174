import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeUpstream, startFleet } from '@flotilla/testing';

test('the gateway passes requests on unchanged', async () => {
  // A fake service: the fleet finds it like any other, and it records its requests.
  await using tinyGadgets = await fakeUpstream();
  tinyGadgets.on('GET /tiny-gadgets', { status: 200, body: [] });
  await using fleet = await startFleet({ only: ['gateway'], fakes: { 'tiny-gadget-service': tinyGadgets } });
  const answer = await fetch(`${fleet.url('gateway')}/tiny-gadgets?limit=5`);
  assert.deepEqual(await answer.json(), []);
  assert.equal(tinyGadgets.requests.at(-1)?.query.get('limit'), '5');
});
