// order-service that calls user-service by gRPC, as processes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grpcServices } from '../clients/grpc-services.ts';
import { ask } from './support/ask.ts';
import { eventually } from './support/eventually.ts';

test('order-service asks user-service by gRPC, and outlives its instances', async (t) => {
  const services = await grpcServices(t);
  const users = [await services.start('user-service'), await services.start('user-service')];
  const orders = await services.start('order-service', { USER_SERVICE_PROTOCOL: 'grpc' });
  // Nobody has heard of this user, so each of these orders needs a call.
  const place = async (id: string): Promise<string> => {
    const body = JSON.stringify({ user_id: 99, item: 'Tea', amount: 1 });
    const headers = { 'content-type': 'application/json', 'x-request-id': id };
    const { status, json } = await ask(`${orders.url}/orders`, { method: 'POST', headers, body });
    return `${status} ${(json as { readonly code: string }).code}`;
  };
  const unknown = '404 USER_NOT_FOUND';
  await eventually('it has found user-service', async () => (await place('first')) === unknown);
  for (const each of ['r-1', 'r-2']) assert.equal(await place(each), unknown);
  const calls = users.map(
    ({ process }) => process.stdout().match(/UserService\/GetUser.*r-[12]|r-[12].*UserService\/GetUser/g) ?? [],
  );
  assert.deepEqual(
    calls.map((lines) => lines.length),
    [1, 1],
    'both are called, with the id of the request',
  );

  users[0]?.process.child.kill('SIGKILL');
  for (let i = 0; i < 50; i += 1) assert.equal(await place(`r-${i}`), unknown);
  users[1]?.process.child.kill('SIGKILL');
  assert.equal(await place('last'), '503 USER_SERVICE_UNAVAILABLE');
  await services.start('user-service');
  await eventually('it has found the new instance', async () => (await place('again')) === unknown);
});
