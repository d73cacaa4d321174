import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  advanceUntil,
  answerEach,
  countedTransport,
  type FakeRegistry,
  fakeRegistry,
  rawUpstream,
  type Timed,
  toInstance,
} from '@flotilla/conformance';
import { isAppError, type Registrar } from '@flotilla/contracts';
import { nodeTransport } from '@flotilla/contracts/http-client';
import { FakeClock, type RecordingLogger, recordingLogger, waitUntil } from '@flotilla/testing';
import { registrarFor } from '../registry-for.ts';

const registration = { name: 'ships', id: 'ships-1', address: '127.0.0.1', port: 9001, lease_ms: 30_000 };
const instance = toInstance(registration, 1);
const httpAnswer = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const soon = (): AbortSignal => AbortSignal.timeout(20_000);

interface Setup extends Timed {
  readonly registrar: Registrar;
  readonly logger: RecordingLogger;
}

function setUp(registryUrl: string, random: () => number = () => 0.5): Setup {
  const clock = new FakeClock();
  const logger = recordingLogger();
  const { transport, isIdle } = countedTransport(nodeTransport());
  return { registrar: registrarFor(registryUrl, { clock, logger, random, transport }), clock, logger, isIdle };
}

/** Waits until nothing but the next renewal is pending. */
const renewalIsDueIn = (clock: FakeClock, ms: number): Promise<void> =>
  waitUntil(`a renewal is due in ${ms} ms`, () => clock.pendingDelaysMs.join() === String(ms));

const paths = (registry: FakeRegistry): string[] => registry.requests.map(({ method, path }) => `${method} ${path}`);

test('renews after a third of the lease at the latest, and randomly up to a fifth sooner', async () => {
  for (const [random, dueMs] of [
    [() => 0, 10_000],
    [() => 1, 8_000],
  ] as const) {
    await using registry = await fakeRegistry();
    const { registrar, clock } = setUp(registry.url, random);
    const active = registrar.register(registration);
    await active.acknowledged;
    await renewalIsDueIn(clock, dueMs);
    await active.deregister(soon());
    assert.deepEqual(paths(registry), ['POST /register', 'DELETE /services/ships/instances/ships-1']);
  }
});

test('uses the id and the lease that the registry chose', async () => {
  await using registry = await fakeRegistry();
  const { registrar, clock } = setUp(registry.url, () => 0);
  const active = registrar.register({ name: 'ships', address: '127.0.0.1', port: 9001 });
  await active.acknowledged;
  await renewalIsDueIn(clock, 20_000);
  clock.advance(20_000);
  await waitUntil('renewed', () =>
    paths(registry).includes('PUT /services/ships/instances/ships-127.0.0.1-9001/lease'),
  );
  await active.deregister(soon());
});

test('a registry that refuses the registration is reported once, as an error, and asked again', async () => {
  await using registry = await fakeRegistry();
  const problem = { code: 'INVALID_REQUEST', detail: 'weight must be at most 1000' };
  registry.misbehave = () => ({ status: 400, body: JSON.stringify(problem) });
  const its = setUp(registry.url);
  const active = its.registrar.register(registration);
  await advanceUntil('five attempts were made', its, () => registry.requests.length >= 5);
  assert.equal(its.logger.messages('error').length, 1);
  registry.misbehave = () => undefined;
  await advanceUntil('registered', its, () => registry.instances('ships').length === 1);
  await active.acknowledged;
  await active.deregister(soon());
});

test('an answer that is not from our registry, or none in time, counts as an outage', async () => {
  await using registry = await fakeRegistry();
  const misbehaviours = [
    'stall',
    'reset',
    { status: 404, body: '<html>not found</html>' },
    { status: 200, body: 'not JSON' },
    { status: 200, body: '{"instance":{}}' },
    { status: 503, body: '{"code":"STORAGE_UNAVAILABLE"}' },
  ] as const;
  const its = setUp(registry.url);
  registry.misbehave = () => misbehaviours[registry.requests.length - 1];
  const active = its.registrar.register(registration);
  await waitUntil('the first request stalls', () => registry.requests.length === 1);
  its.clock.advance(2_999);
  assert.ok(!its.isIdle());
  its.clock.advance(1);
  await advanceUntil('registered', its, () => registry.instances('ships').length === 1);
  await active.acknowledged;
  assert.equal(registry.requests.length, misbehaviours.length + 1);
  assert.equal(its.logger.messages('warn').length, 1);
  assert.deepEqual(its.logger.messages('info'), ['reached the registry again', 'registered']);
  assert.equal(its.logger.messages('error').length, 0);
  await active.deregister(soon());
});

test('uses the next address when one refuses', async () => {
  await using registry = await fakeRegistry();
  await using dead = await rawUpstream();
  await dead.refuse();
  const { registrar } = setUp(`http://127.0.0.1:${dead.port},${registry.url}`);
  const active = registrar.register(registration);
  await active.acknowledged;
  await active.deregister(soon());
});

test('deregistering is limited by its signal, even if the registry accepts the connection and never answers', async () => {
  await using registry = await fakeRegistry();
  const { registrar } = setUp(registry.url);
  const active = registrar.register(registration);
  await active.acknowledged;
  registry.misbehave = () => 'stall';
  const signal = new AbortController();
  const deregistered = active.deregister(signal.signal);
  await waitUntil('the request has come', () => registry.requests.length === 2);
  signal.abort(new Error('took too long'));
  await assert.rejects(deregistered, (error) => isAppError(error) && error.code === 'REGISTRY_UNAVAILABLE');
});

test('waits for a registration in progress before deregistering, so that none is left behind', async () => {
  const answered = Promise.withResolvers<void>();
  const seen: string[] = [];
  await using server = await rawUpstream(async (connection) => {
    for (let next = await connection.request(); next !== undefined; next = await connection.request()) {
      seen.push(next.method);
      if (next.method === 'POST') {
        await answered.promise;
        seen.push('answered');
        connection.send(httpAnswer(JSON.stringify({ instance })));
      } else connection.send('HTTP/1.1 204 No Content\r\n\r\n');
    }
  });
  const { registrar } = setUp(`http://127.0.0.1:${server.port}`);
  const active = registrar.register(registration);
  await waitUntil('the registration has come', () => seen.length === 1);
  const deregistered = active.deregister(soon());
  // Time enough for a deregistration that does not wait to overtake; a slow machine can only hide that, not invent it.
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  answered.resolve();
  await deregistered;
  assert.deepEqual(seen, ['POST', 'answered', 'DELETE']);
});

test('an instance that is already gone counts as deregistered', async () => {
  await using registry = await fakeRegistry();
  const { registrar } = setUp(registry.url);
  const active = registrar.register(registration);
  await active.acknowledged;
  registry.forget();
  await active.deregister(soon());
});

test('retries when the server closes an idle connection just as it is used', async () => {
  await using server = await rawUpstream(async (connection, index) => {
    if (index > 0) return answerEach(httpAnswer('{"lease_ms":30000}'))(connection, index);
    await connection.request();
    connection.send(httpAnswer(JSON.stringify({ instance })));
    // The second request on this connection meets a reset.
    await connection.receive('\r\n\r\n');
    connection.reset();
  });
  const its = setUp(`http://127.0.0.1:${server.port}`, () => 0);
  await its.registrar.register(registration).acknowledged;
  await advanceUntil('the renewal has come over a second connection', its, () =>
    (server.connections[1]?.received.toString() ?? '').startsWith('PUT '),
  );
  await renewalIsDueIn(its.clock, 10_000);
  assert.ok(!its.logger.messages('debug').some((message) => message.includes('cannot reach')));
});

test('registers again at once with a registry that restarts empty, not only when a renewal is due', async () => {
  await using registry = await fakeRegistry();
  const its = setUp(registry.url);
  const active = its.registrar.register(registration);
  await active.acknowledged;
  const waiting = async (): Promise<number> => {
    await waitUntil('the next step is waited for', () => its.isIdle() && its.clock.pendingDelaysMs.length === 1);
    return its.clock.pendingDelaysMs[0] ?? 0;
  };
  assert.equal(await waiting(), 9_000);
  await registry.stop();
  await waitUntil('the loss of the connection was noticed', () => its.clock.pendingDelaysMs[0] === 500);
  registry.forget();
  await registry.start();
  await advanceUntil('registered again', its, () => registry.instances('ships').length === 1);
  assert.ok(its.clock.monotonicMs() <= 1_000, `after ${its.clock.monotonicMs()} ms`);
  await active.deregister(soon());
});

test('registers again after a renewal that is answered from another history', async () => {
  await using registry = await fakeRegistry();
  const its = setUp(registry.url);
  const active = its.registrar.register(registration);
  await active.acknowledged;
  const [{ token } = assert.fail()] = registry.requests;
  registry.forget();
  // Somebody has put the instance back with its token, as a copy of the database does.
  registry.put(registration);
  registry.misbehave = ({ path }) =>
    path.endsWith('/lease') ? { status: 200, body: '{"lease_ms":30000}' } : undefined;
  await advanceUntil(
    'registered again',
    its,
    () => registry.requests.filter(({ method }) => method === 'POST').length === 2,
  );
  assert.deepEqual(
    registry.requests.filter(({ method }) => method === 'POST').map((request) => request.token),
    [token, token],
  );
  registry.misbehave = () => undefined;
  await active.deregister(soon());
});
