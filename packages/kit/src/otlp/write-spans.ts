import type { Attributes, FinishedSpan, SpanKind, TraceContext } from '../telemetry/index.ts';
import { type ByteWriter, nanosText } from './byte-writer.ts';
import { attributesJson, writeAttributes } from './write-attributes.ts';

/** Who reports, and what made the data. */
export interface Reporter {
  readonly resource: Attributes;
  /** The instrumentation scope. */
  readonly scope: { readonly name: string; readonly version: string };
}

const kinds: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
/** The field `attributes` of a span. */
export const attributesTag = 0x4a;
const errorStatus = 2;
/** OTLP's bit for "whether the parent is remote is known", and the one for "it is". */
const [remoteKnown, remote] = [0x100, 0x200] as const;

/** The field `resource`, with which each message of a signal begins. */
export function writeResource(writer: ByteWriter, { resource }: Reporter): void {
  writer.byte(0x0a);
  writer.nested(() => writeAttributes(writer, 0x0a, resource));
}

/** The field `scope`, the same for each signal. */
export function writeScope(writer: ByteWriter, { scope }: Reporter): void {
  writer.byte(0x0a);
  writer.nested(() => {
    writer.byte(0x0a);
    writer.text(scope.name);
    writer.byte(0x12);
    writer.text(scope.version);
  });
}

/**
 * Writes a span without its length.
 *
 * @param common writes the attributes that the span has in common with others
 * @throws TypeError if an id is none
 */
export function writeSpan(
  writer: ByteWriter,
  span: FinishedSpan,
  tracestate: string | undefined,
  common: (attributes: Attributes) => void,
): void {
  writeIds(writer, span.context, tracestate);
  if (span.parentSpanId !== undefined) {
    writer.byte(0x22);
    writer.hex(span.parentSpanId);
  }
  writer.byte(0x2a);
  writer.text(span.name);
  writer.byte(0x30);
  writer.byte(kinds[span.kind]);
  writer.byte(0x39);
  writer.fixed64Nanos(span.startedMs);
  writer.byte(0x41);
  writer.fixed64Nanos(span.startedMs + span.durationMs);
  if (span.common !== undefined) common(span.common);
  writeAttributes(writer, attributesTag, span.attributes);
  for (const event of span.events ?? []) {
    writer.byte(0x5a);
    writer.nested(() => {
      writer.byte(0x09);
      writer.fixed64Nanos(event.atMs);
      writer.byte(0x12);
      writer.text(event.name);
      writeAttributes(writer, 0x1a, event.attributes ?? {});
    });
  }
  for (const link of span.links ?? []) {
    writer.byte(0x6a);
    writer.nested(() => {
      writeIds(writer, link, link.tracestate);
      writer.byte(0x35);
      writer.fixed32(link.sampled ? 1 : 0);
    });
  }
  if (span.failed) {
    writer.byte(0x7a);
    writer.nested(() => {
      if (span.message !== undefined) {
        writer.byte(0x12);
        writer.text(span.message);
      }
      writer.byte(0x18);
      writer.byte(errorStatus);
    });
  }
  writer.varint(0x85); // flags, field 16
  writer.fixed32(flagsOf(span));
}

/** Fields 1 to 3 of a span and of a link. */
function writeIds(writer: ByteWriter, { traceId, spanId }: TraceContext, tracestate: string | undefined): void {
  writer.byte(0x0a);
  writer.hex(traceId);
  writer.byte(0x12);
  writer.hex(spanId);
  if (tracestate !== undefined) {
    writer.byte(0x1a);
    writer.text(tracestate);
  }
}

/** What begins in a program because of a request has its parent elsewhere; everything else, here. */
function flagsOf({ context, parentSpanId, kind }: FinishedSpan): number {
  const isRemote = parentSpanId !== undefined && (kind === 'server' || kind === 'consumer');
  return (context.sampled ? 1 : 0) | remoteKnown | (isRemote ? remote : 0);
}

/** A span in the JSON of OTLP: ids are hex digits, 64-bit numbers texts, enums numbers. */
export function spanJson(span: FinishedSpan, traceState: string | undefined): unknown {
  const { common = {}, context, events = [], links = [] } = span;
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    traceState,
    parentSpanId: span.parentSpanId,
    flags: flagsOf(span),
    name: span.name,
    kind: kinds[span.kind],
    startTimeUnixNano: nanosText(span.startedMs),
    endTimeUnixNano: nanosText(span.startedMs + span.durationMs),
    attributes: [...attributesJson(common), ...attributesJson(span.attributes)],
    events: events.map(({ name, atMs, attributes = {} }) => ({
      name,
      timeUnixNano: nanosText(atMs),
      attributes: attributesJson(attributes),
    })),
    links: links.map(({ traceId, spanId, sampled, tracestate }) => ({
      traceId,
      spanId,
      traceState: tracestate,
      flags: sampled ? 1 : 0,
    })),
    status: span.failed ? { code: errorStatus, message: span.message } : undefined,
  };
}
