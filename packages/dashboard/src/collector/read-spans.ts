import { type ExportTraceServiceRequest, type Span, Span_SpanKind, Status_StatusCode } from '@flotilla/kit/otlp';
import type { SpanKind } from '@flotilla/kit/telemetry';
import type { SpanRecord } from '../store/index.ts';
import { readResource } from './read-resource.ts';
import { readAttributes, readId, readMicros } from './read-values.ts';
import { type Reading, Rejections } from './reading.ts';
import { samplingWeight } from './sampling-weight.ts';

const kinds: Readonly<Record<Span_SpanKind, SpanKind>> = {
  [Span_SpanKind.UNSPECIFIED]: 'internal',
  [Span_SpanKind.INTERNAL]: 'internal',
  [Span_SpanKind.SERVER]: 'server',
  [Span_SpanKind.CLIENT]: 'client',
  [Span_SpanKind.PRODUCER]: 'producer',
  [Span_SpanKind.CONSUMER]: 'consumer',
};

/** More events and links than a person reads. */
const maxEvents = 256;

/** The spans of a message. */
export function readSpans(message: ExportTraceServiceRequest): Reading {
  const rejections = new Rejections();
  const batches = message.resourceSpans.map(({ resource, scopeSpans }) => ({
    resource: readResource(resource),
    spans: scopeSpans.flatMap(({ spans, scope }) =>
      spans.flatMap((span) => readSpan(span, scope?.name ?? '', rejections) ?? []),
    ),
  }));
  return rejections.reading(batches);
}

function readSpan(span: Span, scope: string, rejections: Rejections): SpanRecord | undefined {
  const traceId = readId(span.traceId, 16);
  const spanId = readId(span.spanId, 8);
  if (traceId === undefined)
    return rejections.add(
      `The span "${span.name}" has no valid trace id: 16 bytes, in JSON 32 hex digits, not all zero`,
    );
  if (spanId === undefined)
    return rejections.add(`The span "${span.name}" has no valid span id: 8 bytes, in JSON 16 hex digits, not all zero`);
  const startUs = readMicros(span.startTimeUnixNano);
  const attributes = readAttributes(span.attributes);
  return {
    traceId,
    spanId,
    parentSpanId: readId(span.parentSpanId, 8),
    name: span.name,
    kind: kinds[span.kind] ?? 'internal',
    startUs,
    // Clocks may have been set back meanwhile.
    durationUs: Math.max(0, readMicros(span.endTimeUnixNano) - startUs),
    failed: span.status?.code === Status_StatusCode.ERROR,
    message: span.status?.message === '' ? undefined : span.status?.message,
    attributes: scope === '' ? attributes : { ...attributes, 'otel.scope.name': scope },
    events: span.events.slice(0, maxEvents).map((event) => ({
      name: event.name,
      atUs: readMicros(event.timeUnixNano),
      attributes: readAttributes(event.attributes),
    })),
    links: span.links.slice(0, maxEvents).map((link) => ({
      traceId: Buffer.from(link.traceId).toString('hex'),
      spanId: Buffer.from(link.spanId).toString('hex'),
    })),
    weight: samplingWeight(span.traceState),
  };
}
