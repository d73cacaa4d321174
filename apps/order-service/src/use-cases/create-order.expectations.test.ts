// What order-service relies on of user-service, with the client that it has: apps/user-service verifies the same file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock as clock, isAppError } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { silentLogger } from '@flotilla/kit/logger';
import { TraceIds } from '@flotilla/kit/telemetry';
import { discoveryFor } from '@flotilla/registry-client';
import { playProvider, readExpectations } from '@flotilla/testing';
import { createUserClient } from '@flotilla/user-contract';
import { orderService } from '../orders.ts';
import { orderDatabase } from '../store/orders.ts';

const expected = new URL('../../../../packages/user-contract/expectations/order-service.json', import.meta.url);

test('an order is placed for a user that user-service knows, and for no other', async (t) => {
  await using userService = await playProvider(await readExpectations(expected));
  const discovery = discoveryFor(`static:user-service=127.0.0.1:${userService.port}`, { logger: silentLogger() });
  const users = createUserClient({ discovery, clock });
  const database = await openDatabase<unknown>({ url: 'sqlite::memory:', ...orderDatabase });
  const keys = idempotencyKeys({ database });
  t.after(async () => {
    keys.close();
    users.close();
    await discovery.close();
    await database.close();
  });
  const orders = orderService({
    database,
    clock,
    keys,
    events: { add: async () => undefined, attribute: () => undefined },
    users,
  });
  const call = { requestId: 'r', trace: new TraceIds().newTrace() };
  userService.play('a user that exists');
  assert.equal((await orders.add({ user_id: 1, item: 'Tea', amount_cents: 450 }, call)).user_id, 1);
  userService.play('a user that does not exist');
  await assert.rejects(
    orders.add({ user_id: 9, item: 'Tea', amount_cents: 450 }, call),
    (error) => isAppError(error) && error.code === 'USER_NOT_FOUND',
  );
  userService.assertAllAsked();
});
