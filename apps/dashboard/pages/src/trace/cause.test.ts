import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleSpan, sampleTrace } from '../../fixtures/sample-trace.ts';
import { causeOf } from './cause.ts';

test('a request failed by the failed span that is furthest down, at the last attempt', () => {
  const cause = causeOf(
    sampleTrace([
      sampleSpan('root', { failed: true, durationMs: 100 }),
      sampleSpan('try 1', { parentSpanId: 'root', failed: true, attributes: { 'flotilla.attempt': 1 } }),
      sampleSpan('try 2', {
        parentSpanId: 'root',
        offsetMs: 20,
        failed: true,
        message: 'connect refused',
        attributes: { 'flotilla.attempt': 2, 'error.type': 'UPSTREAM_REFUSED' },
      }),
    ]),
  );
  assert.ok(cause?.kind === 'failed');
  assert.equal(cause.span.spanId, 'try 2');
  assert.equal(cause.errorType, 'UPSTREAM_REFUSED');
  assert.equal(cause.message, 'connect refused');
  assert.equal(cause.attempts, 2);
});

test('an exception says what went wrong where the status does not', () => {
  const exception = { name: 'exception', offsetMs: 1, attributes: { 'exception.message': 'no such table' } };
  const cause = causeOf(sampleTrace([sampleSpan('root', { failed: true, events: [exception] })]));
  assert.equal(cause?.kind === 'failed' ? cause.message : undefined, 'no such table');
});

test('an attempt that failed in a request that did not is no cause', () => {
  const cause = causeOf(
    sampleTrace([
      sampleSpan('root', { durationMs: 100 }),
      sampleSpan('try 1', { parentSpanId: 'root', durationMs: 5, failed: true }),
      sampleSpan('try 2', { parentSpanId: 'root', offsetMs: 5, durationMs: 95 }),
    ]),
  );
  assert.ok(cause?.kind === 'slow');
  assert.equal(cause.span.spanId, 'try 2');
  assert.equal(cause.isLong, false);
});

test('the cause names the service that was called, and where', () => {
  const attributes = { 'peer.service': 'order-service', 'server.address': '127.0.0.1', 'server.port': 8002 };
  const spans = [
    sampleSpan('root', { durationMs: 1000 }),
    sampleSpan('call', { parentSpanId: 'root', kind: 'client', durationMs: 990, attributes }),
  ];
  assert.deepEqual(causeOf(sampleTrace(spans))?.callee, { name: 'order-service', address: '127.0.0.1:8002' });
  const failed = spans.map((span) => ({ ...span, failed: true }));
  assert.deepEqual(causeOf(sampleTrace(failed))?.callee?.name, 'order-service');
  const statement = sampleSpan('root', { kind: 'client', failed: true, attributes: { 'server.address': 'db' } });
  assert.equal(causeOf(sampleTrace([statement]))?.callee, undefined);
});

test('a slow request is slow by the span that spends most time itself', () => {
  const cause = causeOf(
    sampleTrace([
      sampleSpan('root', { durationMs: 1000 }),
      sampleSpan('service', { parentSpanId: 'root', offsetMs: 5, durationMs: 990 }),
      sampleSpan('database', { parentSpanId: 'service', offsetMs: 10, durationMs: 900 }),
    ]),
  );
  assert.ok(cause?.kind === 'slow');
  assert.equal(cause.span.spanId, 'database');
  assert.equal(cause.share, 0.9);
  assert.equal(cause.isLong, true);
});

test('nothing stands out where time is spread, in a single span, and where there is nothing', () => {
  const spread = [sampleSpan('root', { durationMs: 100 })];
  for (const offsetMs of [0, 33, 66]) {
    spread.push(sampleSpan(`part ${offsetMs}`, { parentSpanId: 'root', offsetMs, durationMs: 33 }));
  }
  assert.equal(causeOf(sampleTrace(spread)), undefined);
  assert.equal(causeOf(sampleTrace([sampleSpan('root')])), undefined);
  assert.equal(causeOf({ ...sampleTrace([sampleSpan('root')]), spans: [] }), undefined);
});
