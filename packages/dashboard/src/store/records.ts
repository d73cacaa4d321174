import type { SpanKind } from '@flotilla/kit/telemetry';

/** What programs say of themselves and their work, by the names of OpenTelemetry's conventions. */
export type Fields = Readonly<Record<string, unknown>>;

/** Who sent something. */
export interface ResourceRecord {
  /** `service.name`; `unknown_service` if it does not say. */
  readonly service: string;
  readonly instanceId?: string | undefined;
  /** All that it says of itself. */
  readonly attributes: Fields;
}

/** A span as it arrived. Times are microseconds since the epoch: what JavaScript's numbers hold exactly. */
export interface SpanRecord {
  /** 16 bytes. */
  readonly traceId: Uint8Array;
  /** 8 bytes. */
  readonly spanId: Uint8Array;
  /** 8 bytes; undefined: it is the first of its trace. */
  readonly parentSpanId?: Uint8Array | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startUs: number;
  readonly durationUs: number;
  readonly failed: boolean;
  readonly message?: string | undefined;
  readonly attributes: Fields;
  readonly events: readonly { readonly name: string; readonly atUs: number; readonly attributes: Fields }[];
  /** Ids in hex. */
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** How many spans it stands for: 10 where one of ten traces is sampled. */
  readonly weight: number;
}

/** A line of a log as it arrived. */
export interface LogRecord {
  /** Microseconds since the epoch; undefined: it does not say. */
  readonly atUs: number | undefined;
  /** From 1, the lowest of `trace`, to 24, the highest of `fatal`: OpenTelemetry's numbers. */
  readonly severity: number;
  readonly message: string;
  readonly fields: Fields;
  /** 16 bytes. */
  readonly traceId?: Uint8Array | undefined;
  /** 8 bytes. */
  readonly spanId?: Uint8Array | undefined;
}

/** A metric, whoever measures it. */
export interface MetricRecord {
  readonly name: string;
  readonly kind: 'gauge' | 'sum' | 'histogram';
  readonly unit: string;
  readonly help: string;
  /** Whether it never falls, so that its rate means something. False for a gauge. */
  readonly monotonic: boolean;
}

/** How often something was measured, by size. */
export interface HistogramRecord {
  readonly count: number;
  readonly sum: number;
  /** Upper limits of the buckets, ascending; the last bucket has none. Empty: only count and sum are known. */
  readonly bounds: readonly number[];
  /** How often in each bucket: one more than there are limits, or none. */
  readonly counts: readonly number[];
}

/** A measurement as it arrived. */
export interface PointRecord {
  readonly metric: MetricRecord;
  readonly attributes: Readonly<Record<string, string>>;
  /** Since when it has been counted; 0: unknown. */
  readonly startUs: number;
  readonly atUs: number;
  /** `delta`: since the last one; else since `startUs`. */
  readonly temporality: 'cumulative' | 'delta';
  readonly value: number | HistogramRecord;
}

/** What one sender sent at once. */
export interface Batch {
  readonly resource: ResourceRecord;
  readonly spans?: readonly SpanRecord[];
  readonly logs?: readonly LogRecord[];
  readonly points?: readonly PointRecord[];
}

/** What has become of batches. What is not rejected is kept. */
export interface Added {
  readonly rejected: { readonly spans: number; readonly logs: number; readonly points: number };
  /** Why something was rejected and what to do, for whoever sent it. */
  readonly reason?: string;
}
