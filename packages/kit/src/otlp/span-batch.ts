import type { Attributes, FinishedSpan } from '../telemetry/index.ts';
import { ByteWriter } from './byte-writer.ts';
import { attributesJson, writeAttributes } from './write-attributes.ts';
import { attributesTag, type Reporter, spanJson, writeResource, writeScope, writeSpan } from './write-spans.ts';

/**
 * Spans that are sent together. In protobuf they are written as they come: bytes are smaller than objects, and the collector of
 * garbage need not copy them.
 */
export interface SpanBatch {
  /**
   * Adds a span.
   *
   * @param tracestate what is sent as such, which may be more than that of its context
   * @throws TypeError if it cannot be written; the batch is then as before
   */
  add(span: FinishedSpan, tracestate: string | undefined): void;
  /** The message, an `ExportTraceServiceRequest`. Nothing can be added any more. */
  finish(): Buffer;
}

/** Begins batches of spans in protobuf's encoding. */
export function protobufBatches(reporter: Reporter): () => SpanBatch {
  const known = new WeakMap<Attributes, Uint8Array>();
  const size = { bytes: firstBytes };
  return () => new ProtobufBatch(reporter, known, size);
}

/** Begins batches of spans in the JSON of OTLP. */
export function jsonBatches({ resource, scope }: Reporter): () => SpanBatch {
  return () => {
    const spans: unknown[] = [];
    return {
      add: (span, tracestate) => void spans.push(spanJson(span, tracestate)),
      finish() {
        const scopeSpans = [{ scope, spans }];
        const message = { resourceSpans: [{ resource: { attributes: attributesJson(resource) }, scopeSpans }] };
        return Buffer.from(JSON.stringify(message));
      },
    };
  };
}

/** How much room the first batch has. */
const firstBytes = 4_096;

class ProtobufBatch implements SpanBatch {
  readonly #writer: ByteWriter;
  /** What {@link FinishedSpan.common} looks like when it is written. */
  readonly #known: WeakMap<Attributes, Uint8Array>;
  /** How much room the next batch makes: as much as this one needed. */
  readonly #size: { bytes: number };
  /** Where the messages begin that end with the batch. */
  readonly #resourceSpans: number;
  readonly #scopeSpans: number;

  constructor(reporter: Reporter, known: WeakMap<Attributes, Uint8Array>, size: { bytes: number }) {
    const writer = new ByteWriter(size.bytes);
    this.#writer = writer;
    this.#known = known;
    this.#size = size;
    writer.byte(0x0a); // resource_spans
    this.#resourceSpans = writer.open();
    writeResource(writer, reporter);
    writer.byte(0x12); // scope_spans
    this.#scopeSpans = writer.open();
    writeScope(writer, reporter);
  }

  add(span: FinishedSpan, tracestate: string | undefined): void {
    const writer = this.#writer;
    const before = writer.length;
    try {
      writer.byte(0x12); // spans
      const start = writer.open();
      writeSpan(writer, span, tracestate, this.#writeCommon);
      writer.close(start);
    } catch (error) {
      writer.rewind(before);
      throw error;
    }
  }

  finish(): Buffer {
    const writer = this.#writer;
    writer.close(this.#scopeSpans);
    writer.close(this.#resourceSpans);
    this.#size.bytes = writer.length;
    return writer.take();
  }

  readonly #writeCommon = (attributes: Attributes): void => {
    const written = this.#known.get(attributes);
    if (written !== undefined) return this.#writer.raw(written);
    const start = this.#writer.length;
    writeAttributes(this.#writer, attributesTag, attributes);
    this.#known.set(attributes, this.#writer.copyFrom(start));
  };
}
