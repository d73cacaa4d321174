import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { systemClock } from '@flotilla/contracts';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  createSampler,
  currentTrace,
  type FinishedSpan,
  outsideTraces,
  recordingTracer,
  withinTrace,
} from '../../telemetry/index.ts';
import { bridgeIfInstalled } from './otel-bridge.ts';

describe('spans made through the API of OpenTelemetry', () => {
  let spans: FinishedSpan[] = [];
  let undo: (() => void) | undefined;
  const ours = recordingTracer({
    sampler: createSampler('parentbased_always_on', 1),
    slowMs: 0,
    clock: systemClock,
    take: (span) => spans.push(span),
  });
  const theirs = trace.getTracer('a-library', '1.0');

  beforeEach(async () => {
    spans = [];
    undo = await bridgeIfInstalled(ours);
    assert.ok(undefined !== undo, 'no SDK is set up in this test');
  });
  afterEach(() => undo?.());

  it('are children of ours, and the parents of ours, over waits and callbacks', async () => {
    const request = ours.begin(undefined);
    const below = await withinTrace(request, () =>
      theirs.startActiveSpan('work', { kind: SpanKind.CLIENT, attributes: { a: 1, b: ['x'] } }, async (span) => {
        await later(1);
        const seen = currentTrace();
        span.addEvent('half', { c: true }).setAttribute('d', 0.5);
        span.end();
        span.end();
        return { seen, inner: span.spanContext() };
      }),
    );
    assert.equal(spans.length, 1);
    const [work] = spans;
    assert.equal(work?.parentSpanId, request.spanId);
    assert.equal(work?.context.traceId, request.traceId);
    assert.equal(below.seen?.spanId, work?.context.spanId);
    assert.equal(below.inner.spanId, work?.context.spanId);
    assert.deepEqual([work?.name, work?.kind, work?.failed], ['work', 'client', false]);
    assert.deepEqual({ ...work?.attributes }, { 'otel.scope.name': 'a-library', a: 1, b: ['x'], d: 0.5 });
    assert.deepEqual([work?.events?.[0]?.name, work?.events?.[0]?.attributes], ['half', { c: true }]);
  });

  it('nest in each other and in ours, whichever began last', () => {
    theirs.startActiveSpan('outer', (outer) => {
      const middle = ours.begin(currentTrace());
      withinTrace(middle, () => {
        assert.equal(trace.getActiveSpan()?.spanContext().spanId, middle.spanId);
        theirs.startSpan('inner').end();
      });
      assert.equal(trace.getActiveSpan()?.spanContext().spanId, outer.spanContext().spanId);
      theirs.startSpan('alone', { root: true }).end();
      outer.end();
    });
    const [inner, alone, outer] = spans;
    assert.notEqual(inner?.parentSpanId, outer?.context.spanId);
    assert.equal(inner?.context.traceId, outer?.context.traceId);
    assert.deepEqual([alone?.parentSpanId, outer?.parentSpanId], [undefined, undefined]);
  });

  it('say what failed, and link to other traces', () => {
    const other = ours.begin(undefined);
    const link = { context: { traceId: other.traceId, spanId: other.spanId, traceFlags: 1 } };
    const span = theirs.startSpan('x', { links: [link], startTime: [1_700_000_000, 500_000_000] });
    span.recordException(new TypeError('no'));
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'it broke' });
    span.end(new Date(1_700_000_001_000));
    const [failed] = spans;
    assert.deepEqual([failed?.failed, failed?.message, failed?.durationMs], [true, 'it broke', 500]);
    assert.equal(failed?.startedMs, 1_700_000_000_500);
    assert.equal(failed?.events?.[0]?.attributes?.['exception.type'], 'TypeError');
    assert.deepEqual(failed?.links, [{ traceId: other.traceId, spanId: other.spanId, sampled: true }]);
  });

  it('are not made of what sends spans, which would never end', () => {
    outsideTraces(() => theirs.startSpan('POST').end());
    assert.deepEqual(spans, []);
  });

  it('take whatever they are given, up to a limit', () => {
    const span = theirs.startSpan('odd');
    for (let index = 0; index < 10_000; index += 1) {
      span.setAttribute(`k${index}`, index);
      span.addEvent('e');
    }
    // What a program in JavaScript can do.
    span.setAttributes({ x: null, y: { z: 1 }, w: [1, null, 'a'] } as never);
    span.end();
    assert.equal(Object.keys(spans[0]?.attributes ?? {}).length, 128);
    assert.equal(spans[0]?.events?.length, 128);
  });

  it('begin and end now if they are given what is no time', () => {
    const span = theirs.startSpan('odd', { startTime: new Date('never') });
    span.addEvent('e', -1e300);
    span.setStatus({ code: SpanStatusCode.ERROR, message: 5 } as never);
    span.end(Number.POSITIVE_INFINITY);
    const [odd] = spans;
    assert.ok(odd !== undefined && odd.startedMs > 0 && odd.durationMs < 60_000);
    assert.ok((odd.events?.[0]?.atMs ?? 0) > 0);
    assert.equal(odd.message, '5');
  });

  it('go along with calls that libraries make', () => {
    const carrier: Record<string, string> = {};
    const request = ours.begin(undefined);
    withinTrace(request, () => propagation.inject(context.active(), carrier));
    assert.deepEqual(carrier, { traceparent: `00-${request.traceId}-${request.spanId}-01` });
    const extracted = propagation.extract(ROOT_CONTEXT, carrier);
    assert.equal(trace.getSpanContext(extracted)?.spanId, request.spanId);
    assert.equal(trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent: 'x' })), undefined);
  });
});
