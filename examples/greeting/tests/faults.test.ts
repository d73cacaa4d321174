import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { cut, failing, slow, startFleet, type TestFleet } from '@flotilla/testing';

let fleet: TestFleet;
before(async () => {
  const config = new URL('../flotilla.config.ts', import.meta.url);
  fleet = await startFleet({ config, scale: { greeting: 2 }, faults: ['greeting'] });
});
after(() => fleet[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const name of ['greeting', 'greeting-2']) await fleet.faults(name).heal();
});

const greet = (): Promise<Response> => fetch(`${fleet.url('gateway')}/greeting?name=Ada`);

test('slow: nobody waits for ever', async () => {
  for (const name of ['greeting', 'greeting-2']) await fleet.faults(name).inject(slow({ delayMs: 5_000 }));
  assert.equal((await greet()).status, 504);
});

test('cut: an answer that is lost on its way is asked for again, at the other instance', async () => {
  const way = fleet.faults('greeting');
  await way.inject(cut('answer'));
  while (way.requests.every(({ fault }) => fault !== 'cut')) assert.equal((await greet()).status, 200);
});

test('failing: one instance that is away is made up for by the other; both are not', async () => {
  await fleet.faults('greeting').inject(failing('refused'));
  assert.equal((await greet()).status, 200);
  await fleet.faults('greeting-2').inject(failing(500));
  assert.equal((await greet()).status, 500);
});
