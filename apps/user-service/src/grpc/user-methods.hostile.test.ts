import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertGrpcWithstands, connectRawGrpc, serveGrpc } from '@flotilla/conformance/grpc';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { UserService } from '@flotilla/user-contract/grpc';
import { userDatabase } from '../store/users.ts';
import { userService } from '../users.ts';
import { userMethods } from './user-methods.ts';

test('every method of user-service withstands what nobody should send', async (t) => {
  const database = await openDatabase({ url: 'sqlite::memory:', ...userDatabase, seed: userDatabase.demoData });
  const keys = idempotencyKeys({ database });
  const { server, port } = await serveGrpc([
    userMethods(userService({ database, keys, events: { add: async () => undefined, attribute: () => undefined } })),
  ]);
  const good = await connectRawGrpc(port);
  t.after(async () => {
    good.close();
    await server.close();
    keys.close();
    await database.close();
  });
  const { calls, statuses } = await assertGrpcWithstands(port, [UserService], async () => {
    const answer = await good.call('/flotilla.users.v1.UserService/ListUsers', Buffer.alloc(0));
    assert.deepEqual([answer.status, answer.messages.length], [0, 1]);
  });
  t.diagnostic(`${calls} calls`);
  // OK, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED: they do not all fail at the door.
  for (const status of [0, 3, 4, 5, 8, 12]) assert.ok(statuses.has(status), `no call ended with ${status}`);
});
