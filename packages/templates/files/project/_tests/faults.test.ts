import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut, failing, slow, startFleet } from '@flotilla/testing';

test('a fault of the service reaches the caller as an error, and ends with the fault', async () => {
  await using fleet = await startFleet({ only: ['gateway', 'tiny-gadget-service'], faults: ['tiny-gadget-service'] });
  const url = `${fleet.url('gateway')}/tiny-gadgets`;
  const way = fleet.faults('tiny-gadget-service');

  await way.inject(failing(500));
  assert.equal((await fetch(url)).status, 500);

  // The connection is cut after one byte of the body, so the gateway has no complete answer to pass on.
  await way.inject(cut(1));
  assert.equal((await fetch(url)).status, 502);

  await way.inject(slow({ delayMs: 60_000 }));
  const impatient = fetch(url, { signal: AbortSignal.timeout(200) });
  await assert.rejects(impatient, { name: 'TimeoutError' });

  await way.heal();
  assert.equal((await fetch(url)).status, 200);
});
