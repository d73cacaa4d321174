import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { silentLogger } from '@flotilla/kit/logger';
import { FakeClock, fakeClockStartMs } from '@flotilla/testing';
import type { SpanRecord } from '../store/index.ts';
import type { Topology } from '../wire/index.ts';
import { openTelemetry } from './open-telemetry.ts';
import type { Telemetry } from './telemetry.ts';

interface Made {
  readonly service: string;
  readonly kind: SpanRecord['kind'];
  readonly id: number;
  readonly parent?: number;
  readonly ms?: number;
  readonly failed?: boolean;
  readonly weight?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly links?: SpanRecord['links'];
}

function idOf(number: number): Buffer {
  const id = Buffer.alloc(8);
  id.writeUInt32BE(number, 4);
  return id;
}

async function kept(context: TestContext, spans: readonly Made[]): Promise<Telemetry> {
  const telemetry = await openTelemetry({ file: ':memory:', clock: new FakeClock(), logger: silentLogger() });
  context.after(() => telemetry.close());
  await telemetry.add(
    spans.map(({ service, kind, id, parent, ms = 10, failed = false, weight = 1, attributes = {}, links = [] }) => ({
      resource: { service, attributes: {} },
      spans: [
        {
          traceId: Buffer.alloc(16, 7),
          spanId: idOf(id),
          parentSpanId: parent === undefined ? undefined : idOf(parent),
          name: 'work',
          kind,
          startUs: (fakeClockStartMs - 30_000) * 1_000,
          durationUs: ms * 1_000,
          failed,
          attributes,
          events: [],
          links,
          weight,
        },
      ],
    })),
  );
  return telemetry;
}

async function topology(context: TestContext, spans: readonly Made[]): Promise<Topology> {
  const telemetry = await kept(context, spans);
  return telemetry.queries.topology(fakeClockStartMs - 60_000, fakeClockStartMs);
}

function edgesOf({ edges }: Topology): readonly string[] {
  return edges.map(({ from, to, protocol }) => `${from} > ${to} ${protocol}`).toSorted();
}

const http = { 'http.request.method': 'GET', 'url.path': '/' };

test('who calls whom is drawn from spans, with databases, caches and clients', async (context) => {
  const drawn = await topology(context, [
    { service: 'gateway', kind: 'server', id: 1, attributes: http },
    { service: 'gateway', kind: 'client', id: 2, parent: 1, attributes: { ...http, 'peer.service': 'order-service' } },
    { service: 'order-service', kind: 'server', id: 3, parent: 2, attributes: http },
    { service: 'order-service', kind: 'internal', id: 4, parent: 3 },
    {
      service: 'order-service',
      kind: 'client',
      id: 5,
      parent: 4,
      attributes: { 'rpc.system.name': 'grpc', 'rpc.method': 'a.B/C' },
    },
    { service: 'user-service', kind: 'server', id: 6, parent: 5, attributes: { 'rpc.method': 'a.B/C' } },
    {
      service: 'user-service',
      kind: 'client',
      id: 7,
      parent: 6,
      attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'users' },
    },
    {
      service: 'user-service',
      kind: 'client',
      id: 8,
      parent: 6,
      attributes: { 'db.system.name': 'redis', 'db.namespace': '0' },
    },
    {
      service: 'user-service',
      kind: 'client',
      id: 9,
      parent: 6,
      attributes: { ...http, 'server.address': 'api.example.com', 'server.port': 443 },
    },
  ]);
  assert.deepEqual(edgesOf(drawn), [
    'clients > gateway http',
    'gateway > order-service http',
    'order-service > user-service grpc',
    'user-service > api.example.com:443 http',
    'user-service > postgresql users sql',
    'user-service > redis redis',
  ]);
  assert.deepEqual(drawn.nodes.map(({ id, kind }) => `${id} ${kind}`).toSorted(), [
    'api.example.com:443 external',
    'clients clients',
    'gateway gateway',
    'order-service service',
    'postgresql users database',
    'redis cache',
    'user-service service',
  ]);
});

test('a service that nobody reaches is seen by the calls to it that failed', async (context) => {
  const drawn = await topology(context, [
    { service: 'gateway', kind: 'server', id: 1, failed: true, attributes: http },
    {
      service: 'gateway',
      kind: 'client',
      id: 2,
      parent: 1,
      failed: true,
      attributes: { ...http, 'peer.service': 'order-service' },
    },
    {
      service: 'gateway',
      kind: 'client',
      id: 3,
      parent: 1,
      failed: true,
      attributes: { ...http, 'peer.service': 'order-service' },
    },
  ]);
  const edge = drawn.edges.find(({ to }) => to === 'order-service');
  assert.equal(edge?.traffic.errorShare, 1);
  assert.equal(edge?.traffic.requestsPerSecond, 2 / 60);
});

test('sampled calls count for as many as they stand for', async (context) => {
  const calls = [1, 2, 3, 4].map((id) => ({
    service: 'gateway',
    kind: 'server' as const,
    id,
    weight: 10,
    ms: id,
    attributes: http,
  }));
  const telemetry = await kept(context, [
    ...calls,
    { service: 'gateway', kind: 'server', id: 9, failed: true, ms: 500 },
  ]);
  const traffic = (await telemetry.queries.traffic(fakeClockStartMs - 60_000, fakeClockStartMs)).get('gateway');
  assert.deepEqual(traffic, { requestsPerSecond: 41 / 60, errorShare: 1 / 41, p50Ms: 3, p95Ms: 4 });
});

test('events lead from who published them to who follows them', async (context) => {
  const published = { traceId: Buffer.alloc(16, 7).toString('hex'), spanId: idOf(1).toString('hex') };
  const drawn = await topology(context, [
    { service: 'user-service', kind: 'producer', id: 1, attributes: { 'messaging.system': 'redis' } },
    { service: 'order-service', kind: 'consumer', id: 2, links: [published] },
    { service: 'audit', kind: 'consumer', id: 3, parent: 1 },
  ]);
  assert.deepEqual(edgesOf(drawn), ['user-service > audit events', 'user-service > order-service events']);
});

test('only what happened in the range is drawn', async (context) => {
  const telemetry = await kept(context, [{ service: 'gateway', kind: 'server', id: 1 }]);
  const { nodes, edges } = await telemetry.queries.topology(fakeClockStartMs - 10_000, fakeClockStartMs);
  assert.deepEqual([nodes, edges], [[], []]);
});

test('programs that report to the registry are no clients', async (context) => {
  const drawn = await topology(context, [{ service: 'service-registry', kind: 'server', id: 1, attributes: http }]);
  assert.deepEqual([drawn.nodes.map(({ id }) => id), drawn.edges], [['service-registry'], []]);
});
