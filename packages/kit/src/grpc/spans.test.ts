import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { FakeDiscovery, recordingTracer } from '@flotilla/conformance';
import { Echo, echoService, serveGrpc } from '@flotilla/conformance/grpc';
import { AppError, defineErrors, systemClock } from '@flotilla/contracts';
import { freePort, waitUntil } from '@flotilla/testing';
import { createMetrics, currentTrace, idleTracer, type TraceContext, withinTrace } from '../telemetry/index.ts';
import { createGrpcCaller } from './client/grpc-caller.ts';
import type { Handlers } from './server/implement.ts';

const { ECHO_AWAY: unavailable } = defineErrors('echo', {
  ECHO_AWAY: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'Away', 'zh-CN': '不在' },
    cause: 'A test.',
    action: 'None.',
  },
});

/** A server and a client of the test service, with the spans of both. */
async function pair(t: TestContext, handlers: Partial<Handlers<typeof Echo>>, deadPorts: readonly number[] = []) {
  const tracer = recordingTracer();
  const metrics = createMetrics();
  const { server, port } = await serveGrpc([echoService(handlers)], { tracer });
  const discovery = new FakeDiscovery();
  const ports = [...deadPorts, port];
  discovery.set(
    'echo',
    ports.map((each) => ({ address: '127.0.0.1', port: 1, metadata: { grpc_port: String(each) } })),
  );
  const caller = createGrpcCaller({ discovery, clock: systemClock, service: 'echo', unavailable, metrics });
  t.after(async () => {
    caller.close();
    await server.close();
  });
  return { tracer, metrics, port, client: caller.client(Echo) };
}

const say = 'flotilla.testing.Echo/Say';

test('a call is a span of its caller, and below it one of its server, within which the handler runs', async (t) => {
  const seen: (TraceContext | undefined)[] = [];
  const { tracer, metrics, port, client } = await pair(t, {
    say: async ({ text, id }) => {
      await later(1);
      seen.push(currentTrace());
      return { text, id };
    },
  });
  const trace = { ...idleTracer().begin(undefined), baggage: 'tenant=blue' };
  await withinTrace(trace, () => client.say({ text: 'a' }), tracer);
  await waitUntil('both spans', () => tracer.spans.length === 2);
  const callers = tracer.spans.find(({ kind }) => kind === 'client');
  const servers = tracer.spans.find(({ kind }) => kind === 'server');
  assert.ok(callers && servers);
  assert.deepEqual([callers.name, servers.name], [say, say]);
  assert.deepEqual([callers.parentSpanId, servers.parentSpanId], [trace.spanId, callers.context.spanId]);
  assert.deepEqual(seen[0], servers.context);
  assert.equal(seen[0]?.baggage, 'tenant=blue');
  for (const { attributes, failed } of [callers, servers]) {
    assert.equal(failed, false);
    assert.equal(attributes['rpc.system.name'], 'grpc');
    assert.equal(attributes['rpc.method'], say);
    assert.equal(attributes['rpc.response.status_code'], 'OK');
    assert.equal(attributes['server.port'], port);
  }
  assert.match(metrics.render().body, new RegExp(`rpc_client_call_duration_seconds_count\\{.*"${say}".*\\} 1`));
});

test('each attempt is a span, and the failed one says why', async (t) => {
  const dead = await freePort();
  const { tracer, client } = await pair(t, {}, [dead]);
  await withinTrace(
    idleTracer().begin(undefined),
    async () => {
      // They take turns.
      await client.say({ text: 'a' });
      await client.say({ text: 'b' });
    },
    tracer,
  );
  const failed = tracer.spans.filter((span) => span.failed);
  assert.equal(failed.length, 1);
  assert.equal(failed[0]?.attributes['server.port'], dead);
  assert.equal(failed[0]?.attributes['error.type'], 'refused');
  assert.match(failed[0]?.message ?? '', /Cannot connect/);
  const next = tracer.spans.filter(({ attributes }) => attributes['flotilla.attempt'] === 2);
  assert.equal(next.length, 1);
});

test("an error is the caller's failure, and the server's only if it is its fault", async (t) => {
  const { tracer, client } = await pair(t, {
    say: ({ text }) => {
      throw new AppError(text === 'bad' ? 'INVALID_REQUEST' : 'STORAGE_UNAVAILABLE', { detail: 'Why.' });
    },
  });
  const ends = async (text: string): Promise<readonly unknown[]> => {
    const before = tracer.spans.length;
    await withinTrace(idleTracer().begin(undefined), () => client.say({ text }).catch(() => undefined), tracer);
    await waitUntil('both spans', () => tracer.spans.length >= before + 2);
    return tracer.spans
      .slice(before, before + 2)
      .map(({ kind, failed, attributes }) => [kind, failed, attributes['error.type']])
      .sort();
  };
  assert.deepEqual(await ends('bad'), [
    ['client', true, 'INVALID_ARGUMENT'],
    ['server', false, undefined],
  ]);
  assert.deepEqual(await ends('lost'), [
    ['client', true, 'UNAVAILABLE'],
    ['server', true, 'STORAGE_UNAVAILABLE'],
  ]);
});

test('without a traced caller nothing is recorded on its side, and its trace is passed on unchanged', async (t) => {
  const { tracer, client } = await pair(t, {});
  const trace = idleTracer().begin(undefined);
  await client.say({ text: 'a' }, { trace });
  await waitUntil('the span of the server', () => tracer.spans.length === 1);
  assert.deepEqual([tracer.spans[0]?.kind, tracer.spans[0]?.parentSpanId], ['server', trace.spanId]);
});
