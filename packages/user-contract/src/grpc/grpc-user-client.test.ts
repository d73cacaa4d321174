import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FakeDiscovery } from '@flotilla/conformance';
import { serveGrpc } from '@flotilla/conformance/grpc';
import { AppError, isAppError, systemClock } from '@flotilla/contracts';
import { type GrpcCall, type Handlers, implement } from '@flotilla/kit/grpc';
import { TraceIds } from '@flotilla/kit/telemetry';
import type { UserClient } from '../user-client.ts';
import { userErrors } from '../user-errors.ts';
import { userServiceName } from '../user-paths.ts';
import { UserService } from './generated/flotilla/users/v1/users_pb.ts';
import { createGrpcUserClient } from './grpc-user-client.ts';

type UserHandlers = Handlers<typeof UserService>;

const alice = { id: 1, name: 'Alice', email: 'alice@example.com' };
const aliceMessage = { ...alice, id: 1n };
const unused = (): never => {
  throw new AppError('NOT_IMPLEMENTED');
};

/** A user-service of which only these methods are used; returns its port. */
async function fakeUserService(t: TestContext, handlers: Partial<UserHandlers>): Promise<number> {
  const others = { getUser: unused, listUsers: unused, createUser: unused, updateUser: unused, deleteUser: unused };
  const { server, port } = await serveGrpc([implement(UserService, { ...others, ...handlers })]);
  t.after(() => server.close());
  return port;
}

function clientOf(t: TestContext, ports: readonly number[]): UserClient {
  const discovery = new FakeDiscovery();
  discovery.set(
    userServiceName,
    ports.map((port) => ({ address: '127.0.0.1', port: 1, metadata: { grpc_port: String(port) } })),
  );
  const client = createGrpcUserClient({ discovery, clock: systemClock });
  t.after(() => client.close());
  return client;
}

const isUnavailable = (error: unknown): boolean =>
  isAppError(error, userErrors.USER_SERVICE_UNAVAILABLE) && error.retryAfterMs === 1_000;

test('a user is found, and the request id and trace are passed on', async (t) => {
  let seen: GrpcCall | undefined;
  const port = await fakeUserService(t, {
    getUser({ id }, call) {
      seen = call;
      return { ...aliceMessage, id };
    },
  });
  const trace = new TraceIds().newTrace();
  assert.deepEqual(await clientOf(t, [port]).find(1, { requestId: 'r-1', trace }), alice);
  assert.deepEqual([seen?.requestId, seen?.trace.traceId], ['r-1', trace.traceId]);
});

test('all users are read page by page', async (t) => {
  const port = await fakeUserService(t, {
    listUsers: ({ pageToken }) => ({ users: [aliceMessage], nextPageToken: pageToken === '' ? 'more' : '' }),
  });
  const client = clientOf(t, [port]);
  assert.deepEqual(await client.page(''), { users: [alice], next: 'more' });
  assert.deepEqual(await client.page('more'), { users: [alice], next: undefined });
});

test('an unknown user is an answer', async (t) => {
  let calls = 0;
  const port = await fakeUserService(t, {
    getUser() {
      calls += 1;
      throw new AppError(userErrors.USER_NOT_FOUND);
    },
  });
  assert.equal(await clientOf(t, [port]).find(9), undefined);
  assert.equal(calls, 1);
});

test('after a refused connection or a failing instance, another one is called', async (t) => {
  const failing = await fakeUserService(t, {
    getUser() {
      throw new AppError('SHUTTING_DOWN');
    },
  });
  const good = await fakeUserService(t, { getUser: () => aliceMessage });
  // Port 1 is never listened on.
  const client = clientOf(t, [1, failing, good]);
  for (let i = 0; i < 3; i += 1) assert.deepEqual(await client.find(1), alice);
});

for (const [what, getUser] of [
  ['a defect', () => Promise.reject(new Error('x'))],
  ['a NOT_FOUND that does not speak of users', () => Promise.reject(new AppError('NOT_FOUND'))],
  ['something that is no user', () => ({ ...aliceMessage, id: 0n })],
  ['an id that is no exact number', () => ({ ...aliceMessage, id: 2n ** 60n })],
] as const satisfies readonly (readonly [string, UserHandlers['getUser']])[]) {
  test(`${what} never counts as an answer about the user`, async (t) => {
    const port = await fakeUserService(t, { getUser });
    await assert.rejects(clientOf(t, [port]).find(1), isUnavailable);
  });
}

test('without instances that offer gRPC, it is unavailable at once', async (t) => {
  await assert.rejects(clientOf(t, []).find(1), isUnavailable);
  const discovery = new FakeDiscovery();
  discovery.set(userServiceName, [{ address: '127.0.0.1', port: 1 }]);
  const client = createGrpcUserClient({ discovery, clock: systemClock });
  t.after(() => client.close());
  await assert.rejects(client.find(1), isUnavailable);
  assert.throws(() => client.check(), /offers gRPC/);
});
