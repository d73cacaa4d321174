import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFleet } from '@flotilla/testing';

const config = new URL('../flotilla.config.ts', import.meta.url);

test('greets through the gateway, also after the service was killed and started again', async () => {
  await using fleet = await startFleet({ config });
  const greet = (): Promise<Response> => fetch(`${fleet.url('gateway')}/greeting?name=Ada`);
  assert.match(await (await greet()).text(), /^\{"text":"Good (morning|evening), Ada!"\}$/);

  await fleet.kill('greeting');
  assert.equal((await greet()).status, 503);

  await fleet.start('greeting');
  assert.equal((await greet()).status, 200);
  assert.match(fleet.logs('greeting'), /"path":"\/greeting"/);
});
