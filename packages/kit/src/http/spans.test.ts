import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { AppError, systemClock } from '@flotilla/contracts';
import { waitUntil } from '@flotilla/testing';
import { z } from 'zod';
import { createHttpClient } from '../client/index.ts';
import { createHealth } from '../health/index.ts';
import { silentLogger } from '../logger/index.ts';
import {
  createMetrics,
  createSampler,
  currentTrace,
  type FinishedSpan,
  readBaggage,
  recordingTracer,
} from '../telemetry/index.ts';
import { createHttpApp } from './http-app.ts';
import { requestContext } from './request-context.ts';
import { waitForNews } from './wait-for-news.ts';

describe('the spans of requests', () => {
  let spans: FinishedSpan[] = [];
  const tracer = recordingTracer({
    sampler: createSampler('parentbased_always_on', 1),
    slowMs: 1_000,
    clock: systemClock,
    take: (span) => spans.push({ ...span, attributes: { ...span.common, ...span.attributes } }),
  });
  const client = createHttpClient();
  const metrics = createMetrics();
  const seenBaggage: (string | undefined)[] = [];
  const seenByHook: (string | undefined)[] = [];
  let base = '';
  let close: () => Promise<void>;

  before(async () => {
    const { app } = await createHttpApp({
      logger: silentLogger(),
      health: createHealth(),
      metrics,
      tracer,
    });
    app.get('/carts/:id', (request) => {
      seenBaggage.push(readBaggage(requestContext(request).trace.baggage).get('tenant'));
      return {};
    });
    app.post('/orders', { schema: { body: z.object({}) } }, async () => {
      await later(1);
      await Promise.all([
        client.callService({ baseUrl: base, path: '/carts/1?token=x', pathTemplate: '/carts/{id}', service: 'cart' }),
        client.tryService({ baseUrl: 'http://127.0.0.1:1', path: '/' }),
      ]);
      return {};
    });
    app.get('/news', { config: { requestLogLevel: 'debug' } }, () =>
      client.callService({ baseUrl: base, path: '/carts/1', service: 'cart' }),
    );
    app.get('/poll', async (request) => {
      await waitForNews(request, () => later(500));
      return {};
    });
    await app.register(async (scope) => {
      // As one that asks another service who the caller is.
      scope.addHook('preHandler', async () => void seenByHook.push(currentTrace()?.spanId));
      scope.get('/hooked', () => ({}));
    });
    app.get('/broken', () => {
      throw new AppError('STORAGE_UNAVAILABLE');
    });
    await app.ready();
    await new Promise<void>((resolve) => app.server.listen(0, '127.0.0.1', resolve));
    const address = app.server.address();
    // A server on TCP has an address of this kind once it listens.
    base = `http://127.0.0.1:${(address as { port: number }).port}`;
    close = () => app.close().then(() => undefined);
  });
  after(async () => {
    client.close();
    await close();
  });
  beforeEach(() => {
    spans = [];
  });

  const begun = (count: number): Promise<void> => waitUntil(`${count} spans`, () => spans.length >= count);
  const traceId = '0af7651916cd43dd8448eb211c80319c';

  it('make one tree through bodies, waits and calls of other services', async () => {
    await fetch(`${base}/orders`, {
      method: 'POST',
      body: '{}',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${traceId}-b7ad6b7169203331-01`,
        baggage: 'tenant=t%201',
      },
    });
    await begun(4);
    const [order, call, cart, refused] = ['POST /orders', 'GET /carts/{id}', 'GET /carts/:id', 'GET'].map((name) =>
      spans.find((span) => span.name === name),
    );
    assert.ok(order && call && cart && refused, spans.map(({ name }) => name).join());
    assert.equal(order.parentSpanId, 'b7ad6b7169203331');
    assert.equal(call.parentSpanId, order.context.spanId);
    assert.equal(refused.parentSpanId, order.context.spanId);
    assert.equal(cart.parentSpanId, call.context.spanId);
    assert.deepEqual(new Set(spans.map(({ context }) => context.traceId)), new Set([traceId]));
    assert.deepEqual(seenBaggage, ['t 1']);

    assert.equal(order.kind, 'server');
    assert.equal(order.failed, false);
    assert.equal(order.attributes['http.response.status_code'], 200);
    assert.equal(order.attributes['http.route'], '/orders');
    assert.equal(cart.attributes['url.query'], 'token=REDACTED');
    assert.equal(call.kind, 'client');
    assert.equal(call.attributes['url.full'], `${base}/carts/1?token=REDACTED`);
    assert.equal(call.attributes['peer.service'], 'cart');
    assert.equal(call.attributes['http.response.status_code'], 200);
    assert.deepEqual([refused.failed, refused.attributes['error.type']], [true, 'refused']);
    // A caller's time contains that of the service.
    assert.ok(call.startedMs <= cart.startedMs + 1 && call.durationMs >= cart.durationMs);
    assert.ok(Math.abs(order.startedMs - Date.now()) < 60_000);
  });

  it('are there for hooks that run before the handler', async () => {
    await fetch(`${base}/hooked`);
    await begun(1);
    assert.deepEqual(seenByHook, [spans[0]?.context.spanId]);
  });

  it('are left out for probes, and kept for failures even if the trace is not sampled', async () => {
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-00` };
    await fetch(`${base}/health`);
    await fetch(`${base}/carts/1`, { headers });
    await fetch(`${base}/broken?a=1`, { headers });
    await begun(1);
    assert.deepEqual(
      spans.map(({ name, failed, attributes, context }) => [name, failed, attributes['error.type'], context.sampled]),
      [['GET /broken', true, 'STORAGE_UNAVAILABLE', false]],
    );
  });

  it('are left out for what machines ask again and again, with all that it leads to', async () => {
    await fetch(`${base}/news`);
    await fetch(`${base}/broken`);
    await begun(1);
    assert.deepEqual(
      spans.map(({ name }) => name),
      ['GET /broken'],
    );
  });

  it('are left out for waits for news, which do not count as slow either', async () => {
    await fetch(`${base}/poll`);
    await fetch(`${base}/broken`);
    await begun(1);
    assert.deepEqual(
      spans.map(({ name }) => name),
      ['GET /broken'],
    );
    const [, took] =
      /^http_server_request_duration_seconds_sum\{.*"\/poll".*\} (\S+)$/m.exec(metrics.render().body) ?? [];
    assert.ok(Number(took) < 0.5, `a wait of half a second counts ${took} s`);
  });

  it('have names and methods that callers cannot invent', async () => {
    await fetch(`${base}/nowhere/1?x=1`);
    await fetch(`${base}/carts/1`, { method: 'PROPFIND' });
    await begun(2);
    const [unknown, odd] = spans;
    assert.deepEqual([unknown?.name, unknown?.attributes['http.route']], ['GET', undefined]);
    assert.deepEqual([unknown?.failed, unknown?.attributes['http.response.status_code']], [false, 404]);
    assert.equal(odd?.attributes['http.request.method'], '_OTHER');
    assert.equal(odd?.attributes['http.request.method_original'], 'PROPFIND');
  });
});
