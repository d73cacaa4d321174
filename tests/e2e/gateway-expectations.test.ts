// What the gateway's routes rely on of the services: their own tests verify the same files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playProvider, readExpectations, startFleet } from '@flotilla/testing';
import { ask } from './support/ask.ts';

const folder = new URL('../../packages/', import.meta.url);

test('the gateway composes users and orders of what it expects of their services', async () => {
  await using users = await playProvider(
    await readExpectations(new URL('user-contract/expectations/gateway.json', folder)),
  );
  await using orders = await playProvider(
    await readExpectations(new URL('order-contract/expectations/gateway.json', folder)),
  );
  await using fleet = await startFleet({
    config: new URL('../../flotilla.config.ts', import.meta.url),
    only: ['gateway'],
    fakes: { 'user-service': users, 'order-service': orders },
  });
  const url = fleet.url('gateway');
  const both = {
    user: { id: 1, name: 'Alice', email: 'alice@example.com' },
    orders: [{ id: 1, user_id: 1, item: 'Tea', amount: 4.5 }],
  };
  assert.deepEqual((await ask(`${url}/api/user-with-orders?user_id=1`)).json, both);
  assert.deepEqual((await ask(`${url}/users/1/overview`)).json, both);
  for (const path of ['/api/user-with-orders?user_id=9', '/users/9/overview']) {
    const { status, json } = await ask(url + path);
    assert.deepEqual([status, (json as { readonly code?: unknown }).code], [404, 'USER_NOT_FOUND']);
  }
  users.assertAllAsked();
  orders.assertAllAsked();
});
