import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { FakeDiscovery } from '@flotilla/conformance';
import { isAppError, systemClock } from '@flotilla/contracts';
import { TraceIds } from '@flotilla/kit/telemetry';
import { createUserClient, type UserClient } from './user-client.ts';
import { userServiceName } from './user-paths.ts';

const alice = { id: 1, name: 'Alice', email: 'alice@example.com' };

/** A user-service that answers everything in one way. */
async function fakeUserService(
  t: TestContext,
  status: number,
  body: unknown,
): Promise<{ port: number; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server on TCP has an address of this kind once it listens.
  return { port: (server.address() as AddressInfo).port, seen };
}

function clientOf(t: TestContext, ports: readonly number[]): UserClient {
  const discovery = new FakeDiscovery();
  discovery.set(
    userServiceName,
    ports.map((port) => ({ address: '127.0.0.1', port })),
  );
  const client = createUserClient({ discovery, clock: systemClock });
  t.after(() => client.close());
  return client;
}

const isUnavailable = (error: unknown): boolean =>
  isAppError(error) && error.code === 'USER_SERVICE_UNAVAILABLE' && error.retryAfterMs === 1_000;

test('a user is found, and the request id and trace are passed on', async (t) => {
  const service = await fakeUserService(t, 200, { ...alice, added_later: true });
  const trace = new TraceIds().newTrace();
  const user = await clientOf(t, [service.port]).find(1, { requestId: 'r-1', trace });
  assert.deepEqual(user, alice, 'fields of a newer service are passed over');
  assert.equal(service.seen[0]?.url, '/users/1');
  assert.equal(service.seen[0]?.headers['x-request-id'], 'r-1');
  assert.match(service.seen[0]?.headers['traceparent']?.toString() ?? '', new RegExp(trace.traceId));
});

test('an unknown user is an answer', async (t) => {
  const service = await fakeUserService(t, 404, { code: 'USER_NOT_FOUND' });
  assert.equal(await clientOf(t, [service.port]).find(9), undefined);
  assert.equal(service.seen.length, 1);
});

test('after a refused connection or a failing instance, another one is called', async (t) => {
  const failing = await fakeUserService(t, 503, { code: 'SHUTTING_DOWN' });
  const good = await fakeUserService(t, 200, alice);
  // Port 1 is never listened on.
  const client = clientOf(t, [1, failing.port, good.port]);
  for (let i = 0; i < 3; i += 1) assert.deepEqual(await client.find(1), alice);
});

for (const [what, status, body] of [
  ['a failure', 500, {}],
  ['a 404 that does not speak of users', 404, { code: 'ROUTE_NOT_FOUND' }],
  ['something that is no user', 200, { id: 'one' }],
] as const) {
  test(`${what} never counts as an answer about the user`, async (t) => {
    const service = await fakeUserService(t, status, body);
    await assert.rejects(clientOf(t, [service.port]).find(1), isUnavailable);
  });
}

test('without instances, it is unavailable at once', async (t) => {
  await assert.rejects(clientOf(t, []).find(1), isUnavailable);
});
