import type { TraceContext } from './trace-context.ts';

/** What a span is to its neighbours, as OpenTelemetry defines it. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** A value of an attribute. */
export type AttributeValue = string | number | boolean | readonly string[] | readonly number[];

/** What is said about a span, by the names of OpenTelemetry's semantic conventions. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** Something that happened during a span. */
export interface SpanEvent {
  readonly name: string;
  /** Milliseconds since the epoch, with fractions. */
  readonly atMs: number;
  readonly attributes?: Attributes;
}

/** A piece of work that is over. Spans are recorded when they end: one that never ends is never seen. */
export interface FinishedSpan {
  /** The span's own ids. */
  readonly context: TraceContext;
  /** The span that caused it; undefined: it is the first of its trace. */
  readonly parentSpanId: string | undefined;
  /** Low in number, never with ids in it: `GET /users/{id}`, `SELECT users`. */
  readonly name: string;
  readonly kind: SpanKind;
  /** Milliseconds since the epoch, with fractions. */
  readonly startedMs: number;
  readonly durationMs: number;
  /** Whether it counts as an error to whoever did the work; a 404 is none for the server. */
  readonly failed: boolean;
  /** What went wrong, for people. Never with secrets. Default: nothing is said. */
  readonly message?: string | undefined;
  readonly attributes: Attributes;
  /**
   * Attributes that many spans have in common, as one object that is made once and never changed: they are written once. Default:
   * none.
   */
  readonly common?: Attributes | undefined;
  readonly events?: readonly SpanEvent[];
  /** Spans of other traces that led to it. */
  readonly links?: readonly TraceContext[];
}
