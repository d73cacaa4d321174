import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeDiscovery } from '@flotilla/conformance';
import { createHealth } from '@flotilla/kit/health';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { createGateway } from '../gateway.ts';
import { createGatewayGuard } from '../local/gateway-guard.ts';
import { createSocketEngine } from '../socket-engine/socket-engine.ts';
import type { GatewayInside } from './gateway-pages.ts';

const config: GatewayConfig = {
  policies: [{ kind: 'fields', request: { set: { 'X-Tenant': 'blue', 'X-Api-Key': 'hush' } } }],
  routes: [
    { kind: 'proxy', match: '/users/{id}', methods: ['GET', 'PUT'], service: 'user-service', rewrite: '/u/{id}' },
    { kind: 'proxy', match: '/users/', methods: ['POST'], service: 'user-service', bodyLimitBytes: 10 },
    {
      kind: 'proxy',
      match: '/orders',
      service: 'order-service',
      policies: [{ kind: 'ask', service: 'auth', target: '/a' }],
    },
    { kind: 'proxy', match: '/keyed', service: 'user-service', idempotencyKeys: true },
    { kind: 'proxy', match: '/nobody', service: 'ghost' },
    {
      kind: 'aggregate',
      match: '/both/{id}',
      parameters: { id: { in: 'path', type: 'id' } },
      parts: {
        a: { service: 'user-service', target: '/a/{id}', need: 'required' },
        b: { service: 'order-service', target: '/b', need: 'optional' },
      },
    },
  ],
};

function inside(): GatewayInside {
  const discovery = new FakeDiscovery();
  discovery.set('user-service', [
    { id: 'u-1', address: '10.0.0.1', port: 80 },
    { id: 'u-2', address: '10.0.0.2', port: 80, weight: 0 },
  ]);
  discovery.set('order-service', [
    { id: 'o-1', address: '10.0.0.3', port: 80 },
    { id: 'o-2', address: '10.0.0.4', port: 80 },
  ]);
  discovery.set('ghost', []);
  discovery.set('auth', []);
  const guard = createGatewayGuard({ serverHost: '127.0.0.1', allowedHosts: [], allowedOrigins: [], networkNames: [] });
  return createGateway({
    config,
    discovery,
    createEngine: createSocketEngine,
    logger: silentLogger(),
    metrics: createMetrics(),
    health: createHealth(),
    clock: new FakeClock(),
    ...(guard === undefined ? {} : { guard }),
  }).inside;
}

const table: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly (string | RegExp)[]])[] = [
  [
    'proxied user-service /u/7?x=1 u-1',
    { target: '/users/7?x=1' },
    [
      '2 routes (GET PUT /users/{id}, POST /users/) fit /users/7; /users/{id} is the most specific one that has GET',
      'policy 1, fields: in the request set X-Tenant, X-Api-Key',
      "user-service is asked for /u/7?x=1, by the route's rewrite",
      'weighted-round-robin picks the only available instance (1 held back by weight 0)',
      'user-service must begin to answer within 15000 ms',
      'a failed attempt is repeated at another instance, up to 3 attempts',
    ],
  ],
  [
    'proxied order-service /orders o-1 o-2',
    { method: 'POST', target: '/orders' },
    [
      '/orders is the only route that fits /orders',
      /^policy 1/,
      'policy 2, ask: asks auth for /a; goes on with a 2xx, and refuses the request if there is no answer within 2000 ms',
      /^order-service is asked/,
      'weighted-round-robin picks one of 2 available instances',
      /^order-service must/,
      'a failed attempt is only repeated if no instance can have read it, since POST may change something',
    ],
  ],
  [
    'proxied user-service /keyed u-1',
    { method: 'POST', target: '/keyed', headers: { 'idempotency-key': '"a"' } },
    [/^/, /^/, /^/, /^/, /^/, /up to 3 attempts: the request has an Idempotency-Key$/],
  ],
  [
    'refused 413 PAYLOAD_TOO_LARGE',
    { method: 'POST', target: '/users/a/b', headers: { 'content-length': '11' } },
    [/^/, /^/, /^/],
  ],
  [
    'refused 405 METHOD_NOT_ALLOWED',
    { method: 'DELETE', target: '/users/7' },
    [/but they do not have DELETE$/, /Allow: GET, HEAD, PUT, POST$/],
  ],
  ['refused 404 ROUTE_NOT_FOUND', { target: '/x' }, ['no route fits /x', 'the gateway answers 404 ROUTE_NOT_FOUND']],
  ['refused 400 AMBIGUOUS_TARGET', { target: '/users/../x' }, [/dot-segment/]],
  ['refused 421 FOREIGN_HOST', { target: '/orders', headers: { host: 'evil.example' } }, [/FOREIGN_HOST/]],
  [
    'refused 503 SERVICE_UNAVAILABLE ghost /nobody',
    { target: '/nobody' },
    [/^/, /^/, /^/, 'ghost has no instances', /503/],
  ],
  ['refused 400 INVALID_REQUEST', { target: '/both/x' }, [/^/, /\{id\} NOT_DIGITS$/]],
  [
    'aggregated',
    { target: '/both/3' },
    [
      /^/,
      /^policy 1/,
      'all parts are asked for at the same time, within 5000 ms: a of user-service, b of order-service (optional)',
    ],
  ],
  ['answered', { target: '/health' }, ['the gateway answers /health itself, before it looks at routes']],
  ['answered 204', { method: 'OPTIONS', target: '/users/7' }, [/^/, /^the gateway answers OPTIONS itself/]],
  [
    'proxied user-service /u/caf%C3%A9 u-1',
    { target: '/users/caf%C3%A9' },
    [/decoded form, \/users\/café$/, /^/, /^/, /^/, /^/, /^/, /^/],
  ],
];

test('an explanation says what the gateway would do, and each step towards it', () => {
  const gateway = inside();
  for (const [expected, question, steps] of table) {
    const { answer, outcome, steps: told, upstream } = gateway.explain(question, 'en');
    const shown = [
      outcome,
      answer?.status,
      answer?.code,
      upstream?.service,
      upstream?.target,
      ...(upstream?.candidates ?? []),
    ];
    assert.equal(shown.filter((part) => part !== undefined).join(' '), expected);
    assert.equal(told.length, steps.length, `${expected}: ${told.join('\n')}`);
    for (const [at, step] of steps.entries()) {
      if (typeof step === 'string') assert.equal(told[at], step);
      else assert.match(told[at] ?? '', step);
    }
  }
});

test('each step is told in Chinese too, as far as it is ours', () => {
  const gateway = inside();
  for (const [expected, question] of table) {
    const [english, chinese] = (['en', 'zh-CN'] as const).map((locale) => gateway.explain(question, locale).steps);
    assert.equal(chinese?.length, english?.length, expected);
    for (const [at, step] of (chinese ?? []).entries()) {
      assert.match(step, /\p{Script=Han}/u);
      // What an error says of itself may be in English alone.
      if (step.startsWith('网关应答')) continue;
      // Words that are no names, and so would be forgotten.
      assert.doesNotMatch(step, /\b(?:the|is|are|in|of|by|at)\b/, `${english?.[at]} is ${step}`);
    }
  }
  assert.deepEqual(gateway.explain({ target: '/users/7?x=1' }, 'zh-CN').steps, [
    '2 条路由（GET PUT /users/{id}、POST /users/）匹配 /users/7；其中接受 GET 的最具体的路由是 /users/{id}',
    '策略 1，fields：请求中 set X-Tenant, X-Api-Key',
    '向 user-service 请求 /u/7?x=1，由路由的 rewrite 得出',
    'weighted-round-robin 选择唯一可用的实例（1 个因权重为 0 而保留）',
    'user-service 必须在 15000 ms 内开始应答',
    '失败的尝试会换一个实例重试，最多 3 次',
  ]);
});

test('the route is shown with all that applies to it, without secrets', () => {
  const { route } = inside().explain({ target: '/users/7' }, 'en');
  assert.deepEqual(route?.policies, [
    { kind: 'fields', options: { request: { set: { 'X-Tenant': 'blue', 'X-Api-Key': 'REDACTED' } } } },
  ]);
  assert.deepEqual([route?.match, route?.methods, route?.options['maxAttempts']], ['/users/{id}', ['GET', 'PUT'], 3]);
  assert.deepEqual(route, inside().routes[0]);
});

test('a question that is none is refused, with an example of one', () => {
  const gateway = inside();
  for (const bad of [undefined, null, 'x', [], {}, { target: 7 }, { target: '/', verb: 'GET' }])
    assert.throws(() => gateway.explain(bad, 'en'), { code: 'INVALID_REQUEST', detail: /^Send JSON such as/ });
  for (const bad of [{ target: 'no path' }, { target: '/', method: 'G T' }, { target: '/', headers: { 'a b': '1' } }])
    assert.throws(() => gateway.explain(bad, 'en'), {
      code: 'INVALID_REQUEST',
      detail: /^That is no request that could be sent: [^.]+[^.]\.$/,
    });
});
