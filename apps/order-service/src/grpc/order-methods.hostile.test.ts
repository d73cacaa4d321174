import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertGrpcWithstands, connectRawGrpc, serveGrpc } from '@flotilla/conformance/grpc';
import { systemClock } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { OrderService } from '@flotilla/order-contract/grpc';
import { orderService } from '../orders.ts';
import { orderDatabase } from '../store/orders.ts';
import { orderMethods } from './order-methods.ts';

test('every method of order-service withstands what nobody should send', async (t) => {
  const database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase, seed: orderDatabase.demoData });
  const keys = idempotencyKeys({ database });
  const events = { add: async () => undefined, attribute: () => undefined };
  const users = { find: async (id: number) => (id <= 2 ? { id, name: 'A', email: 'a@example.com' } : undefined) };
  const { server, port } = await serveGrpc([
    orderMethods(orderService({ database, keys, users, events, clock: systemClock })),
  ]);
  const good = await connectRawGrpc(port);
  t.after(async () => {
    good.close();
    await server.close();
    keys.close();
    await database.close();
  });
  const { calls, statuses } = await assertGrpcWithstands(port, [OrderService], async () => {
    const answer = await good.call('/flotilla.orders.v1.OrderService/ListOrders', Buffer.alloc(0));
    assert.deepEqual([answer.status, answer.messages.length], [0, 1]);
  });
  t.diagnostic(`${calls} calls`);
  // OK, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED: they do not all fail at the door.
  for (const status of [0, 3, 4, 5, 8, 12]) assert.ok(statuses.has(status), `no call ended with ${status}`);
});
