// Generated from proto/opentelemetry/proto/metrics/v1/metrics.proto by "npm run generate": do not edit. 6f40f2e71a5cfc6f 63c4553382b45b90
// Metrics of OTLP. Times are nanoseconds since the epoch.

import type { GenEnum, GenFile, GenMessage } from "@bufbuild/protobuf/codegenv2";
import { enumDesc, fileDesc, messageDesc } from "@bufbuild/protobuf/codegenv2";
import type { InstrumentationScope, KeyValue } from "../../common/v1/common_pb.ts";
import { file_opentelemetry_proto_common_v1_common } from "../../common/v1/common_pb.ts";
import type { Resource } from "../../resource/v1/resource_pb.ts";
import { file_opentelemetry_proto_resource_v1_resource } from "../../resource/v1/resource_pb.ts";
import type { Message } from "@bufbuild/protobuf";

export const file_opentelemetry_proto_metrics_v1_metrics: GenFile = /*@__PURE__*/
  fileDesc("CixvcGVudGVsZW1ldHJ5L3Byb3RvL21ldHJpY3MvdjEvbWV0cmljcy5wcm90bxIeb3BlbnRlbGVtZXRyeS5wcm90by5tZXRyaWNzLnYxIqcBCg9SZXNvdXJjZU1ldHJpY3MSOwoIcmVzb3VyY2UYASABKAsyKS5vcGVudGVsZW1ldHJ5LnByb3RvLnJlc291cmNlLnYxLlJlc291cmNlEkMKDXNjb3BlX21ldHJpY3MYAiADKAsyLC5vcGVudGVsZW1ldHJ5LnByb3RvLm1ldHJpY3MudjEuU2NvcGVNZXRyaWNzEhIKCnNjaGVtYV91cmwYAyABKAkinwEKDFNjb3BlTWV0cmljcxJCCgVzY29wZRgBIAEoCzIzLm9wZW50ZWxlbWV0cnkucHJvdG8uY29tbW9uLnYxLkluc3RydW1lbnRhdGlvblNjb3BlEjcKB21ldHJpY3MYAiADKAsyJi5vcGVudGVsZW1ldHJ5LnByb3RvLm1ldHJpY3MudjEuTWV0cmljEhIKCnNjaGVtYV91cmwYAyABKAkiuwMKBk1ldHJpYxIMCgRuYW1lGAEgASgJEhMKC2Rlc2NyaXB0aW9uGAIgASgJEgwKBHVuaXQYAyABKAkSNgoFZ2F1Z2UYBSABKAsyJS5vcGVudGVsZW1ldHJ5LnByb3RvLm1ldHJpY3MudjEuR2F1Z2VIABIyCgNzdW0YByABKAsyIy5vcGVudGVsZW1ldHJ5LnByb3RvLm1ldHJpY3MudjEuU3VtSAASPgoJaGlzdG9ncmFtGAkgASgLMikub3BlbnRlbGVtZXRyeS5wcm90by5tZXRyaWNzLnYxLkhpc3RvZ3JhbUgAElUKFWV4cG9uZW50aWFsX2hpc3RvZ3JhbRgKIAEoCzI0Lm9wZW50ZWxlbWV0cnkucHJvdG8ubWV0cmljcy52MS5FeHBvbmVudGlhbEhpc3RvZ3JhbUgAEjoKB3N1bW1hcnkYCyABKAsyJy5vcGVudGVsZW1ldHJ5LnByb3RvLm1ldHJpY3MudjEuU3VtbWFyeUgAEjkKCG1ldGFkYXRhGAwgAygLMicub3BlbnRlbGVtZXRyeS5wcm90by5jb21tb24udjEuS2V5VmFsdWVCBgoEZGF0YSJNCgVHYXVnZRJECgtkYXRhX3BvaW50cxgBIAMoCzIvLm9wZW50ZWxlbWV0cnkucHJvdG8ubWV0cmljcy52MS5OdW1iZXJEYXRhUG9pbnQiugEKA1N1bRJECgtkYXRhX3BvaW50cxgBIAMoCzIvLm9wZW50ZWxlbWV0cnkucHJvdG8ubWV0cmljcy52MS5OdW1iZXJEYXRhUG9pbnQSVwoXYWdncmVnYXRpb25fdGVtcG9yYWxpdHkYAiABKA4yNi5vcGVudGVsZW1ldHJ5LnByb3RvLm1ldHJpY3MudjEuQWdncmVnYXRpb25UZW1wb3JhbGl0eRIUCgxpc19tb25vdG9uaWMYAyABKAgirQEKCUhpc3RvZ3JhbRJHCgtkYXRhX3BvaW50cxgBIAMoCzIyLm9wZW50ZWxlbWV0cnkucHJvdG8ubWV0cmljcy52MS5IaXN0b2dyYW1EYXRhUG9pbnQSVwoXYWdncmVnYXRpb25fdGVtcG9yYWxpdHkYAiABKA4yNi5vcGVudGVsZW1ldHJ5LnByb3RvLm1ldHJpY3MudjEuQWdncmVnYXRpb25UZW1wb3JhbGl0eSLDAQoURXhwb25lbnRpYWxIaXN0b2dyYW0SUgoLZGF0YV9wb2ludHMYASADKAsyPS5vcGVudGVsZW1ldHJ5LnByb3RvLm1ldHJpY3MudjEuRXhwb25lbnRpYWxIaXN0b2dyYW1EYXRhUG9pbnQSVwoXYWdncmVnYXRpb25fdGVtcG9yYWxpdHkYAiABKA4yNi5vcGVudGVsZW1ldHJ5LnByb3RvLm1ldHJpY3MudjEuQWdncmVnYXRpb25UZW1wb3JhbGl0eSJQCgdTdW1tYXJ5EkUKC2RhdGFfcG9pbnRzGAEgAygLMjAub3BlbnRlbGVtZXRyeS5wcm90by5tZXRyaWNzLnYxLlN1bW1hcnlEYXRhUG9pbnQigAIKD051bWJlckRhdGFQb2ludBI7CgphdHRyaWJ1dGVzGAcgAygLMicub3BlbnRlbGVtZXRyeS5wcm90by5jb21tb24udjEuS2V5VmFsdWUSHAoUc3RhcnRfdGltZV91bml4X25hbm8YAiABKAYSFgoOdGltZV91bml4X25hbm8YAyABKAYSEwoJYXNfZG91YmxlGAQgASgBSAASEAoGYXNfaW50GAYgASgQSAASOwoJZXhlbXBsYXJzGAUgAygLMigub3BlbnRlbGVtZXRyeS5wcm90by5tZXRyaWNzLnYxLkV4ZW1wbGFyEg0KBWZsYWdzGAggASgNQgcKBXZhbHVlIuACChJIaXN0b2dyYW1EYXRhUG9pbnQSOwoKYXR0cmlidXRlcxgJIAMoCzInLm9wZW50ZWxlbWV0cnkucHJvdG8uY29tbW9uLnYxLktleVZhbHVlEhwKFHN0YXJ0X3RpbWVfdW5peF9uYW5vGAIgASgGEhYKDnRpbWVfdW5peF9uYW5vGAMgASgGEg0KBWNvdW50GAQgASgGEhAKA3N1bRgFIAEoAUgAiAEBEhUKDWJ1Y2tldF9jb3VudHMYBiADKAYSFwoPZXhwbGljaXRfYm91bmRzGAcgAygBEjsKCWV4ZW1wbGFycxgIIAMoCzIoLm9wZW50ZWxlbWV0cnkucHJvdG8ubWV0cmljcy52MS5FeGVtcGxhchINCgVmbGFncxgKIAEoDRIQCgNtaW4YCyABKAFIAYgBARIQCgNtYXgYDCABKAFIAogBAUIGCgRfc3VtQgYKBF9taW5CBgoEX21heCLaBAodRXhwb25lbnRpYWxIaXN0b2dyYW1EYXRhUG9pbnQSOwoKYXR0cmlidXRlcxgBIAMoCzInLm9wZW50ZWxlbWV0cnkucHJvdG8uY29tbW9uLnYxLktleVZhbHVlEhwKFHN0YXJ0X3RpbWVfdW5peF9uYW5vGAIgASgGEhYKDnRpbWVfdW5peF9uYW5vGAMgASgGEg0KBWNvdW50GAQgASgGEhAKA3N1bRgFIAEoAUgAiAEBEg0KBXNjYWxlGAYgASgREhIKCnplcm9fY291bnQYByABKAYSVwoIcG9zaXRpdmUYCCABKAsyRS5vcGVudGVsZW1ldHJ5LnByb3RvLm1ldHJpY3MudjEuRXhwb25lbnRpYWxIaXN0b2dyYW1EYXRhUG9pbnQuQnVja2V0cxJXCghuZWdhdGl2ZRgJIAEoCzJFLm9wZW50ZWxlbWV0cnkucHJvdG8ubWV0cmljcy52MS5FeHBvbmVudGlhbEhpc3RvZ3JhbURhdGFQb2ludC5CdWNrZXRzEg0KBWZsYWdzGAogASgNEjsKCWV4ZW1wbGFycxgLIAMoCzIoLm9wZW50ZWxlbWV0cnkucHJvdG8ubWV0cmljcy52MS5FeGVtcGxhchIQCgNtaW4YDCABKAFIAYgBARIQCgNtYXgYDSABKAFIAogBARIWCg56ZXJvX3RocmVzaG9sZBgOIAEoARowCgdCdWNrZXRzEg4KBm9mZnNldBgBIAEoERIVCg1idWNrZXRfY291bnRzGAIgAygEQgYKBF9zdW1CBgoEX21pbkIGCgRfbWF4Ir8CChBTdW1tYXJ5RGF0YVBvaW50EjsKCmF0dHJpYnV0ZXMYByADKAsyJy5vcGVudGVsZW1ldHJ5LnByb3RvLmNvbW1vbi52MS5LZXlWYWx1ZRIcChRzdGFydF90aW1lX3VuaXhfbmFubxgCIAEoBhIWCg50aW1lX3VuaXhfbmFubxgDIAEoBhINCgVjb3VudBgEIAEoBhILCgNzdW0YBSABKAESWQoPcXVhbnRpbGVfdmFsdWVzGAYgAygLMkAub3BlbnRlbGVtZXRyeS5wcm90by5tZXRyaWNzLnYxLlN1bW1hcnlEYXRhUG9pbnQuVmFsdWVBdFF1YW50aWxlEg0KBWZsYWdzGAggASgNGjIKD1ZhbHVlQXRRdWFudGlsZRIQCghxdWFudGlsZRgBIAEoARINCgV2YWx1ZRgCIAEoASK7AQoIRXhlbXBsYXISRAoTZmlsdGVyZWRfYXR0cmlidXRlcxgHIAMoCzInLm9wZW50ZWxlbWV0cnkucHJvdG8uY29tbW9uLnYxLktleVZhbHVlEhYKDnRpbWVfdW5peF9uYW5vGAIgASgGEhMKCWFzX2RvdWJsZRgDIAEoAUgAEhAKBmFzX2ludBgGIAEoEEgAEg8KB3NwYW5faWQYBCABKAwSEAoIdHJhY2VfaWQYBSABKAxCBwoFdmFsdWUqjAEKFkFnZ3JlZ2F0aW9uVGVtcG9yYWxpdHkSJwojQUdHUkVHQVRJT05fVEVNUE9SQUxJVFlfVU5TUEVDSUZJRUQQABIhCh1BR0dSRUdBVElPTl9URU1QT1JBTElUWV9ERUxUQRABEiYKIkFHR1JFR0FUSU9OX1RFTVBPUkFMSVRZX0NVTVVMQVRJVkUQAmIGcHJvdG8z", [file_opentelemetry_proto_common_v1_common, file_opentelemetry_proto_resource_v1_resource]);

export type ResourceMetrics = Message<"opentelemetry.proto.metrics.v1.ResourceMetrics"> & {
  resource?: Resource | undefined;

  scopeMetrics: ScopeMetrics[];

  schemaUrl: string;
};

export const ResourceMetricsSchema: GenMessage<ResourceMetrics> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 0);

export type ScopeMetrics = Message<"opentelemetry.proto.metrics.v1.ScopeMetrics"> & {
  scope?: InstrumentationScope | undefined;

  metrics: Metric[];

  schemaUrl: string;
};

export const ScopeMetricsSchema: GenMessage<ScopeMetrics> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 1);

export type Metric = Message<"opentelemetry.proto.metrics.v1.Metric"> & {
  name: string;

  description: string;

  /**
   * As UCUM writes units: `s`, `By`, `1`, `{request}`.
   */
  unit: string;

  data: {
    value: Gauge;
    case: "gauge";
  } | {
    value: Sum;
    case: "sum";
  } | {
    value: Histogram;
    case: "histogram";
  } | {
    value: ExponentialHistogram;
    case: "exponentialHistogram";
  } | {
    value: Summary;
    case: "summary";
  } | { case: undefined; value?: undefined };

  metadata: KeyValue[];
};

export const MetricSchema: GenMessage<Metric> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 2);

export type Gauge = Message<"opentelemetry.proto.metrics.v1.Gauge"> & {
  dataPoints: NumberDataPoint[];
};

export const GaugeSchema: GenMessage<Gauge> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 3);

export type Sum = Message<"opentelemetry.proto.metrics.v1.Sum"> & {
  dataPoints: NumberDataPoint[];

  aggregationTemporality: AggregationTemporality;

  /**
   * It never decreases: a counter.
   */
  isMonotonic: boolean;
};

export const SumSchema: GenMessage<Sum> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 4);

export type Histogram = Message<"opentelemetry.proto.metrics.v1.Histogram"> & {
  dataPoints: HistogramDataPoint[];

  aggregationTemporality: AggregationTemporality;
};

export const HistogramSchema: GenMessage<Histogram> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 5);

export type ExponentialHistogram = Message<"opentelemetry.proto.metrics.v1.ExponentialHistogram"> & {
  dataPoints: ExponentialHistogramDataPoint[];

  aggregationTemporality: AggregationTemporality;
};

export const ExponentialHistogramSchema: GenMessage<ExponentialHistogram> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 6);

export type Summary = Message<"opentelemetry.proto.metrics.v1.Summary"> & {
  dataPoints: SummaryDataPoint[];
};

export const SummarySchema: GenMessage<Summary> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 7);

export type NumberDataPoint = Message<"opentelemetry.proto.metrics.v1.NumberDataPoint"> & {
  attributes: KeyValue[];

  startTimeUnixNano: bigint;

  timeUnixNano: bigint;

  value: {
    value: number;
    case: "asDouble";
  } | {
    value: bigint;
    case: "asInt";
  } | { case: undefined; value?: undefined };

  exemplars: Exemplar[];

  /**
   * Bit 0: no value was recorded.
   */
  flags: number;
};

export const NumberDataPointSchema: GenMessage<NumberDataPoint> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 8);

export type HistogramDataPoint = Message<"opentelemetry.proto.metrics.v1.HistogramDataPoint"> & {
  attributes: KeyValue[];

  startTimeUnixNano: bigint;

  timeUnixNano: bigint;

  count: bigint;

  sum?: number | undefined;

  /**
   * The count of each bucket by itself: one more than there are bounds.
   */
  bucketCounts: bigint[];

  /**
   * Ascending upper bounds, without the last one, infinity.
   */
  explicitBounds: number[];

  exemplars: Exemplar[];

  flags: number;

  min?: number | undefined;

  max?: number | undefined;
};

export const HistogramDataPointSchema: GenMessage<HistogramDataPoint> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 9);

/**
 * Its bounds are the powers of 2^(2^-scale).
 */
export type ExponentialHistogramDataPoint = Message<"opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint"> & {
  attributes: KeyValue[];

  startTimeUnixNano: bigint;

  timeUnixNano: bigint;

  count: bigint;

  sum?: number | undefined;

  scale: number;

  /**
   * Of values that are no further from zero than `zero_threshold`.
   */
  zeroCount: bigint;

  positive?: ExponentialHistogramDataPoint_Buckets | undefined;

  negative?: ExponentialHistogramDataPoint_Buckets | undefined;

  flags: number;

  exemplars: Exemplar[];

  min?: number | undefined;

  max?: number | undefined;

  zeroThreshold: number;
};

export const ExponentialHistogramDataPointSchema: GenMessage<ExponentialHistogramDataPoint> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 10);

export type ExponentialHistogramDataPoint_Buckets = Message<"opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.Buckets"> & {
  /**
   * The power at which the first bucket begins.
   */
  offset: number;

  bucketCounts: bigint[];
};

export const ExponentialHistogramDataPoint_BucketsSchema: GenMessage<ExponentialHistogramDataPoint_Buckets> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 10, 0);

export type SummaryDataPoint = Message<"opentelemetry.proto.metrics.v1.SummaryDataPoint"> & {
  attributes: KeyValue[];

  startTimeUnixNano: bigint;

  timeUnixNano: bigint;

  count: bigint;

  sum: number;

  quantileValues: SummaryDataPoint_ValueAtQuantile[];

  flags: number;
};

export const SummaryDataPointSchema: GenMessage<SummaryDataPoint> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 11);

export type SummaryDataPoint_ValueAtQuantile = Message<"opentelemetry.proto.metrics.v1.SummaryDataPoint.ValueAtQuantile"> & {
  /**
   * 0 to 1.
   */
  quantile: number;

  value: number;
};

export const SummaryDataPoint_ValueAtQuantileSchema: GenMessage<SummaryDataPoint_ValueAtQuantile> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 11, 0);

/**
 * One measurement, with the span during which it was made.
 */
export type Exemplar = Message<"opentelemetry.proto.metrics.v1.Exemplar"> & {
  filteredAttributes: KeyValue[];

  timeUnixNano: bigint;

  value: {
    value: number;
    case: "asDouble";
  } | {
    value: bigint;
    case: "asInt";
  } | { case: undefined; value?: undefined };

  spanId: Uint8Array;

  traceId: Uint8Array;
};

export const ExemplarSchema: GenMessage<Exemplar> = /*@__PURE__*/
  messageDesc(file_opentelemetry_proto_metrics_v1_metrics, 12);

/**
 * Since when values count: since the report before, or since the program began.
 */
export const AggregationTemporality = {
  UNSPECIFIED: 0,

  DELTA: 1,

  CUMULATIVE: 2,
} as const;

export type AggregationTemporality = (typeof AggregationTemporality)[keyof typeof AggregationTemporality];

export const AggregationTemporalitySchema: GenEnum<AggregationTemporality> = /*@__PURE__*/
  enumDesc(file_opentelemetry_proto_metrics_v1_metrics, 0);

