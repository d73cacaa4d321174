import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeUpstream, startFleet } from '@flotilla/testing';

const config = new URL('../flotilla.config.ts', import.meta.url);

test('a welcome has the weather in it, as long as there is any', async () => {
  await using weather = await fakeUpstream();
  weather.on('GET /today', [{ body: { sky: 'blue' } }, { status: 500 }]);
  await using fleet = await startFleet({ config, fakes: { weather } });
  const welcome = async (): Promise<unknown> => (await fetch(`${fleet.url('gateway')}/welcome?name=Ada`)).json();

  assert.deepEqual(((await welcome()) as { weather: unknown }).weather, { sky: 'blue' });
  assert.equal(((await welcome()) as { weather: unknown }).weather, null);
  assert.equal(weather.requests[0]?.path, '/today');
});
