import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeDiscovery } from '@flotilla/conformance';
import { createHealth } from '@flotilla/kit/health';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics, idleTracer } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Engine, RequestHandler, UpstreamCall, UpstreamCallResult } from '../engine/engine.ts';
import type { LocalResponse } from '../engine/local-response.ts';
import { createGateway } from '../gateway.ts';
import { headerValue } from '../headers/header-list.ts';
import { identify, type RequestHead } from '../headers/request-head.ts';

const config: GatewayConfig = { routes: [{ kind: 'proxy', match: '/things', service: 'shop' }] };

function documentWith(summary: string): UpstreamCallResult {
  const paths = { '/things': { get: { summary, responses: { 200: { description: 'OK' } } } } };
  return { kind: 'response', status: 200, headers: [], body: Buffer.from(JSON.stringify({ openapi: '3.1.0', paths })) };
}
const away: UpstreamCallResult = { kind: 'failed', outcome: undefined };

/** A gateway whose services answer as told. */
function setUp(
  answer: (call: UpstreamCall) => Promise<UpstreamCallResult>,
  routes: GatewayConfig = config,
  documents = true,
) {
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
      return answer(call);
    },
  };
  createGateway({
    config: routes,
    discovery: new FakeDiscovery(),
    createEngine(options) {
      handler = options.handler;
      return engine;
    },
    logger: silentLogger(),
    metrics: createMetrics(),
    health: createHealth({ clock }),
    clock,
    documents,
  });
  const decide = (target: string, headers: readonly string[] = []) => {
    const rest = { host: 'h', scheme: 'http', httpVersion: '1.1', remoteAddress: '127.0.0.1' } as const;
    const head: RequestHead = { method: 'GET', target, ...rest, headers, fieldIds: [], connection: [] };
    return { head, decision: handler?.decide(head) ?? assert.fail() };
  };
  const ask = async (target: string, headers?: readonly string[]): Promise<LocalResponse> => {
    const { head, decision } = decide(target, headers);
    assert.ok(decision.kind === 'local', decision.kind);
    const { signal } = new AbortController();
    return decision.respond({
      head,
      identity: identify(idleTracer(), head),
      spans: undefined,
      body: Buffer.alloc(0),
      signal,
      edits: undefined,
    });
  };
  return { clock, calls, ask, kindOf: (target: string) => decide(target).decision.kind };
}

test('a service is asked once for all who wait, within a second, and again only after ten', async () => {
  const { ask, calls, clock } = setUp(async () => documentWith('One'));
  const answers = await Promise.all([ask('/openapi.json'), ask('/openapi.json'), ask('/docs')]);
  for (const { status, body } of answers) assert.ok(status === 200 && String(body).includes('One'));
  assert.equal(calls.length, 1);
  assert.equal(calls[0]?.dueMs, clock.monotonicMs() + 1_000);
  assert.equal(calls[0].maxBodyBytes, 524_288);
  clock.advance(9_999);
  await ask('/openapi.json');
  assert.equal(calls.length, 1);
  clock.advance(1);
  await ask('/openapi.json');
  assert.equal(calls.length, 2);
});

test('a service that goes away is described as it was last known, and is named', async () => {
  let now = documentWith('One');
  const { ask, clock } = setUp(async () => now);
  assert.doesNotMatch(String((await ask('/openapi.json')).body), /Not reachable/);
  now = away;
  clock.advance(10_000);
  assert.match(String((await ask('/openapi.json')).body), /Not reachable at the moment: shop.*One/);
  now = documentWith('Two');
  clock.advance(10_000);
  const { body } = await ask('/openapi.json');
  assert.match(String(body), /Two/);
  assert.doesNotMatch(String(body), /Not reachable/);
});

test('a service that was never reached is named, and its routes are listed', async () => {
  const { ask } = setUp(async () => away);
  assert.match(String((await ask('/docs?lang=zh')).body), /暂时无法连接：shop.*转发到 shop/s);
});

for (const [what, body] of [
  ['is not JSON', 'no'],
  ['is nested too deep', '['.repeat(100) + ']'.repeat(100)],
  ['is of another kind', '{"swagger":"2.0"}'],
] as const)
  test(`an answer that ${what} is no document`, async () => {
    const { ask } = setUp(async () => ({ kind: 'response', status: 200, headers: [], body: Buffer.from(body) }));
    assert.match(String((await ask('/openapi.json')).body), /shop, which does not describe its API/);
  });

test('each language is asked for on its own, and the answer says which it is', async () => {
  const { ask, calls } = setUp(async ({ target }) => documentWith(target));
  const chinese = await ask('/openapi.json', ['Accept-Language', 'zh']);
  assert.match(String(chinese.body), /lang=zh-CN/);
  assert.deepEqual(
    ['content-language', 'vary'].map((name) => headerValue(chinese.headers, name)),
    ['zh-CN', 'Accept-Language'],
  );
  assert.match(String((await ask('/openapi.json?lang=en', ['Accept-Language', 'zh'])).body), /lang=en/);
  assert.equal(calls.length, 2);
});

test('who has the same document gets 304', async () => {
  const { ask } = setUp(async () => documentWith('One'));
  const first = await ask('/openapi.json');
  const again = await ask('/openapi.json', ['If-None-Match', headerValue(first.headers, 'etag') ?? '']);
  assert.deepEqual([again.status, again.body], [304, '']);
});

test('a route that takes these paths keeps them, and without documents they are not there', () => {
  const own: GatewayConfig = { routes: [{ kind: 'proxy', match: '/', service: 'shop' }] };
  assert.equal(setUp(async () => away, own).kindOf('/docs'), 'proxy');
  assert.equal(setUp(async () => away, config, false).kindOf('/openapi.json'), 'reject');
});
