import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeDiscovery } from '@flotilla/conformance';
import { createHealth } from '@flotilla/kit/health';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics, idleTracer } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import type { GatewayConfig } from './config/gateway-config.ts';
import { ownPaths } from './config/own-paths.ts';
import type { Route } from './config/route.ts';
import type { Decision, Engine, RequestHandler } from './engine/engine.ts';
import { ExchangeRecord } from './exchange/exchange-record.ts';
import { createGateway, type GatewayOptions } from './gateway.ts';
import { identify, type RequestHead } from './headers/request-head.ts';

const config: GatewayConfig = {
  routes: [
    { kind: 'proxy', match: '/users/{id}', service: 'user-service' },
    { kind: 'proxy', match: '/orders', methods: ['GET', 'POST'], service: 'order-service' },
    { kind: 'proxy', match: '/users/me', methods: ['GET', 'OPTIONS'], service: 'user-service' },
  ],
};

function setUp(changes: Pick<GatewayOptions, 'addresses'> = {}) {
  const clock = new FakeClock();
  const discovery = new FakeDiscovery();
  const health = createHealth({ clock });
  health.setState('ready');
  const metrics = createMetrics();
  let handler: RequestHandler | undefined;
  const engine: Engine = {
    activeRequests: 0,
    listen: ({ port }) => Promise.resolve({ address: '127.0.0.1', port }),
    drain: () => Promise.resolve(),
    close: () => Promise.resolve(),
    call: () => Promise.resolve({ kind: 'failed', outcome: undefined }),
  };
  const gateway = createGateway({
    config,
    discovery,
    createEngine(options) {
      handler = options.handler;
      return engine;
    },
    logger: silentLogger(),
    metrics,
    health,
    clock,
    ...changes,
  });
  assert.ok(handler);
  return { clock, discovery, health, metrics, gateway, handler };
}

function headOf(method: string, target: string): RequestHead {
  const rest = { host: 'h', scheme: 'http', httpVersion: '1.1', headers: [], remoteAddress: '127.0.0.1' } as const;
  const unnamed = { fieldIds: [], connection: [] };
  return { method, target, ...rest, ...unnamed };
}

function shown(decision: Decision): string {
  switch (decision.kind) {
    case 'proxy':
      return `proxy ${decision.target} to ${decision.pool.service} by ${decision.route.template}`;
    case 'local':
      return `local ${decision.route.template}`;
    case 'reject':
      return `${decision.error.code} ${decision.error.allow.join(' ')}`.trim();
    default:
      return decision satisfies never;
  }
}

for (const [method, target, expected] of [
  ['GET', '/users/1?a=b', 'proxy /users/1?a=b to user-service by /users/{id}'],
  ['BREW', '/users/1', 'proxy /users/1 to user-service by /users/{id}'],
  ['HEAD', '/orders', 'proxy /orders to order-service by /orders'],
  ['DELETE', '/orders', 'METHOD_NOT_ALLOWED GET HEAD POST'],
  ['OPTIONS', '/orders', 'local /orders'],
  ['OPTIONS', '/users/1', 'proxy /users/1 to user-service by /users/{id}'],
  ['OPTIONS', '*', 'local *'],
  ['GET', '*', 'AMBIGUOUS_TARGET'],
  ['GET', '/nothing', 'ROUTE_NOT_FOUND'],
  ['GET', '/users/../x', 'AMBIGUOUS_TARGET'],
  ['GET', '/health', 'local /health'],
  ['POST', '/health', 'METHOD_NOT_ALLOWED GET HEAD'],
  ['GET', '/%6Detrics?x', 'local /metrics'],
] as const) {
  test(`${method} ${target}: ${expected}`, () => {
    assert.equal(shown(setUp().handler.decide(headOf(method, target))), expected);
  });
}

test('a route cannot have the paths that the gateway answers itself', () => {
  for (const path of ownPaths) {
    const method = path === '/flotilla/explain' ? 'POST' : 'GET';
    assert.equal(shown(setUp().handler.decide(headOf(method, path))), `local ${path}`);
  }
});

test('where operators have their own port, the main port does not answer their paths with any method, and no route gets them', () => {
  const { handler } = setUp({ addresses: 'callers' });
  for (const method of ['GET', 'POST', 'OPTIONS']) {
    for (const path of ['/metrics', '/readyz', '/flotilla/routes', '/flotilla/explain'])
      assert.equal(shown(handler.decide(headOf(method, path))), 'ROUTE_NOT_FOUND', `${method} ${path}`);
  }
});

test('an OPTIONS that may go no further learns all methods of the path', () => {
  const head = { ...headOf('OPTIONS', '/users/me'), headers: ['Max-Forwards', '0'] };
  const decision = setUp().handler.decide(head);
  assert.ok(decision.kind === 'local');
  const answer = decision.respond({
    head,
    identity: identify(idleTracer(), head),
    spans: undefined,
    body: Buffer.alloc(0),
    signal: new AbortController().signal,
    edits: undefined,
  });
  assert.ok(!(answer instanceof Promise));
  assert.deepEqual(answer.headers, ['Allow', 'GET, POST, PUT, PATCH, DELETE, OPTIONS']);
});

test('requests that arrive while the gateway drains are served: they were on their way', async () => {
  const { gateway, handler } = setUp();
  const before = shown(handler.decide(headOf('GET', '/users/1')));
  await gateway.drain(AbortSignal.timeout(1_000));
  assert.equal(shown(handler.decide(headOf('GET', '/users/1'))), before);
});

test('the gateway is ready once discovery has answered about every service, and stays ready when the registry goes away', async () => {
  const { clock, discovery, health } = setUp();
  assert.equal((await health.readiness()).body.services['discovery'], 'failed');
  discovery.set('user-service', []);
  clock.advance(2_000);
  assert.equal((await health.readiness()).ready, false);
  discovery.set('order-service', []);
  clock.advance(2_000);
  assert.deepEqual((await health.readiness()).body.services, { discovery: 'ok' });
  discovery.makeStale('order-service');
  clock.advance(2_000);
  assert.equal((await health.readiness()).ready, true);
});

test('requests are counted by route, never by path, with 499 for a client that left', () => {
  const { handler, metrics } = setUp();
  for (const target of ['/users/1', '/users/2']) {
    const record = new ExchangeRecord(headOf('GET', target), identify(idleTracer(), undefined), 0);
    const route: Route = { kind: 'proxy', template: '/users/{id}', services: ['user-service'] };
    Object.assign(record, { route, status: 200, endedAtMs: 30 });
    if (target === '/users/2') record.ending = 'client-gone';
    handler.finished(record);
  }
  handler.finished(new ExchangeRecord(undefined, identify(idleTracer(), undefined), 0));
  const text = metrics.render().body;
  const count = 'http_server_request_duration_seconds_count';
  assert.match(
    text,
    new RegExp(
      `${count}\\{http_route="/users/\\{id\\}",http_request_method="GET",http_response_status_code="200",[^}]*\\} 1`,
    ),
  );
  assert.match(
    text,
    new RegExp(
      `${count}\\{http_route="/users/\\{id\\}",http_request_method="GET",http_response_status_code="499",[^}]*\\} 1`,
    ),
  );
  assert.match(text, new RegExp(`${count}\\{http_route="",http_request_method="_OTHER",`));
  assert.doesNotMatch(text, /users\/1/);
});
