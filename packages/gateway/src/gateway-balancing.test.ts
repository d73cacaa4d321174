import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeDiscovery } from '@flotilla/conformance';
import { createHealth } from '@flotilla/kit/health';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics, idleTracer } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { Engine, RequestHandler, UpstreamCall } from './engine/engine.ts';
import { createGateway } from './gateway.ts';
import { identify, type RequestHead } from './headers/request-head.ts';
import { checkGatewayConfig } from './routes/check-gateway-config.ts';

const byTenant = { kind: 'consistent-hash', key: { from: 'header', name: 'X-Tenant' } } as const;
const byUser = { kind: 'consistent-hash', key: { from: 'parameter', name: 'user' } } as const;

const config: GatewayConfig = {
  routes: [
    { kind: 'proxy', match: '/carts/{user}', service: 'cart', balance: byUser },
    { kind: 'proxy', match: '/carts/', service: 'cart' },
    { kind: 'proxy', match: '/turns', service: 'cart', balance: { kind: 'weighted-round-robin' } },
    { kind: 'proxy', match: '/idle', service: 'cart', balance: { kind: 'least-in-flight' } },
    {
      kind: 'aggregate',
      match: '/both',
      parameters: {},
      parts: { cart: { service: 'cart', target: '/cart', need: 'required' } },
    },
  ],
  services: { cart: { balance: byTenant } },
};

function setUp() {
  const discovery = new FakeDiscovery();
  const clock = new FakeClock();
  const calls: UpstreamCall[] = [];
  let handler: RequestHandler | undefined;
  const engine: Engine = {
    activeRequests: 0,
    listen: ({ port }) => Promise.resolve({ address: '127.0.0.1', port }),
    drain: () => Promise.resolve(),
    close: () => Promise.resolve(),
    call(call) {
      calls.push(call);
      return Promise.resolve({ kind: 'failed', outcome: undefined });
    },
  };
  createGateway({
    ...{ config, discovery, clock, logger: silentLogger(), metrics: createMetrics(), health: createHealth({ clock }) },
    random: () => 0.5,
    createEngine(options) {
      handler = options.handler;
      return engine;
    },
  });
  assert.ok(handler);
  const { decide } = { decide: handler.decide.bind(handler) };
  discovery.set(
    'cart',
    Array.from({ length: 8 }, (_, at) => ({ id: `cart-${at}`, address: '10.0.0.1', port: 8_000 + at })),
  );
  const picked = (target: string, tenant?: string) => {
    const decision = decide(headOf(target, tenant));
    assert.equal(decision.kind, 'proxy');
    const pick = decision.pool.pick(decision.key, []);
    assert.ok(pick);
    return pick;
  };
  /** Where a request goes that ends at once. */
  const home = (target: string, tenant?: string): string => {
    const pick = picked(target, tenant);
    pick.done({ kind: 'cancelled' });
    return pick.upstream.id;
  };
  return { decide, picked, home, calls };
}

function headOf(target: string, tenant?: string): RequestHead {
  const headers = tenant === undefined ? [] : ['X-Tenant', tenant];
  const rest = { host: 'h', scheme: 'http', httpVersion: '1.1', remoteAddress: '127.0.0.1' } as const;
  return { method: 'GET', target, headers, fieldIds: headers.length === 0 ? [] : [0], connection: [], ...rest };
}

const users = Array.from({ length: 40 }, (_, at) => `user-${at}`);

test('a route hashes by its parameter; all other routes of the service hash by its header', () => {
  const { home } = setUp();
  for (const user of users) {
    assert.equal(home(`/carts/${user}`, 'blue'), home(`/carts/${user}?page=2`, 'green'));
    assert.equal(home(`/carts/x/${user}`, 'blue'), home('/carts/x/else', 'blue'));
  }
  assert.equal(new Set(users.map((user) => home(`/carts/${user}`))).size, 8);
});

test('an encoded parameter is the same key as a plain one', () => {
  const { home } = setUp();
  assert.equal(home('/carts/user%2D7'), home('/carts/user-7'));
});

test('requests without the header go to any instance, not all to one', () => {
  const { decide } = setUp();
  const decision = decide(headOf('/carts/x/y'));
  assert.equal(decision.kind === 'proxy' ? decision.key : 0, undefined);
});

test('routes with different balancers share the instances and their load', () => {
  const { picked, home } = setUp();
  const busy = Array.from({ length: 7 }, () => picked('/turns').upstream.id);
  assert.equal(new Set(busy).size, 7);
  assert.ok(!busy.includes(home('/idle')));
});

test('parts of an aggregate go where their service wants the request', async () => {
  const { decide, calls, home } = setUp();
  for (const tenant of ['blue', 'green', 'red']) {
    const head = headOf('/both', tenant);
    const decision = decide(head);
    assert.equal(decision.kind, 'local');
    const request = {
      head,
      identity: identify(idleTracer(), head),
      body: Buffer.alloc(0),
      spans: undefined,
      edits: undefined,
    };
    await assert.rejects(async () => decision.respond({ ...request, signal: AbortSignal.timeout(1_000) }));
    const call = calls.pop();
    assert.equal(call?.pool.pick(call.key, [])?.upstream.id, home('/carts/x/y', tenant));
  }
});

for (const [what, changed, expected] of [
  [
    'a route whose match lacks the parameter',
    { routes: [{ kind: 'proxy', match: '/a', service: 'cart', balance: byUser }] },
    /routes\[0\] \(\/a\): balance\.key uses \{user\}, which the match does not have/,
  ],
  [
    'a service whose routes lack the parameter',
    { services: { cart: { balance: byUser } } },
    /routes\[1\] \(\/carts\/\): services\.cart\.balance\.key uses \{user\}, which is not available here/,
  ],
  [
    'a service whose aggregates lack the parameter',
    { services: { cart: { balance: byUser } } },
    /routes\[4\] \(\/both\): services\.cart\.balance\.key uses \{user\}/,
  ],
  [
    'the option of another gateway',
    { services: { cart: { lb_policy: 'LEAST_REQUEST' } } },
    /lb_policy": write `balance`, such as \{ kind: 'least-in-flight' \}/,
  ],
  [
    'the name of another gateway',
    { services: { cart: { balance: { kind: 'ip_hash' } } } },
    /services\.cart\.balance\.kind: must be, for example, \{ kind: 'consistent-hash'/,
  ],
] as const) {
  test(`${what} is refused, and the message shows the right form`, () => {
    const checked = checkGatewayConfig({ ...config, ...changed });
    assert.match(checked.ok ? '' : checked.problems.join('\n'), expected);
  });
}

test('the whole configuration is valid', () => assert.ok(checkGatewayConfig(config).ok));
