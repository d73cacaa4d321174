export { ByteWriter, nanosText } from './byte-writer.ts';
export {
  type ExportLogsPartialSuccess,
  ExportLogsPartialSuccessSchema,
  type ExportLogsServiceRequest,
  ExportLogsServiceRequestSchema,
  type ExportLogsServiceResponse,
  ExportLogsServiceResponseSchema,
  LogsService,
} from './generated/opentelemetry/proto/collector/logs/v1/logs_service_pb.ts';
export {
  type ExportMetricsPartialSuccess,
  ExportMetricsPartialSuccessSchema,
  type ExportMetricsServiceRequest,
  ExportMetricsServiceRequestSchema,
  type ExportMetricsServiceResponse,
  ExportMetricsServiceResponseSchema,
  MetricsService,
} from './generated/opentelemetry/proto/collector/metrics/v1/metrics_service_pb.ts';
export {
  type ExportTracePartialSuccess,
  ExportTracePartialSuccessSchema,
  type ExportTraceServiceRequest,
  ExportTraceServiceRequestSchema,
  type ExportTraceServiceResponse,
  ExportTraceServiceResponseSchema,
  TraceService,
} from './generated/opentelemetry/proto/collector/trace/v1/trace_service_pb.ts';
export {
  type AnyValue,
  AnyValueSchema,
  type ArrayValue,
  ArrayValueSchema,
  type InstrumentationScope,
  InstrumentationScopeSchema,
  type KeyValue,
  type KeyValueList,
  KeyValueListSchema,
  KeyValueSchema,
} from './generated/opentelemetry/proto/common/v1/common_pb.ts';
export {
  type LogRecord,
  LogRecordSchema,
  type ResourceLogs,
  ResourceLogsSchema,
  type ScopeLogs,
  ScopeLogsSchema,
  SeverityNumber,
  SeverityNumberSchema,
} from './generated/opentelemetry/proto/logs/v1/logs_pb.ts';
export {
  AggregationTemporality,
  AggregationTemporalitySchema,
  type Exemplar,
  ExemplarSchema,
  type ExponentialHistogram,
  type ExponentialHistogramDataPoint,
  type ExponentialHistogramDataPoint_Buckets,
  ExponentialHistogramDataPoint_BucketsSchema,
  ExponentialHistogramDataPointSchema,
  ExponentialHistogramSchema,
  type Gauge,
  GaugeSchema,
  type Histogram,
  type HistogramDataPoint,
  HistogramDataPointSchema,
  HistogramSchema,
  type Metric,
  MetricSchema,
  type NumberDataPoint,
  NumberDataPointSchema,
  type ResourceMetrics,
  ResourceMetricsSchema,
  type ScopeMetrics,
  ScopeMetricsSchema,
  type Sum,
  type Summary,
  type SummaryDataPoint,
  type SummaryDataPoint_ValueAtQuantile,
  SummaryDataPoint_ValueAtQuantileSchema,
  SummaryDataPointSchema,
  SummarySchema,
  SumSchema,
} from './generated/opentelemetry/proto/metrics/v1/metrics_pb.ts';
export {
  type Resource,
  ResourceSchema,
} from './generated/opentelemetry/proto/resource/v1/resource_pb.ts';
export {
  type ResourceSpans,
  ResourceSpansSchema,
  type ScopeSpans,
  ScopeSpansSchema,
  type Span,
  type Span_Event,
  Span_EventSchema,
  type Span_Link,
  Span_LinkSchema,
  Span_SpanKind,
  Span_SpanKindSchema,
  SpanSchema,
  type Status,
  Status_StatusCode,
  Status_StatusCodeSchema,
  StatusSchema,
} from './generated/opentelemetry/proto/trace/v1/trace_pb.ts';
export { otelLogOf } from './otel-log.ts';
export { MetricReports, type OtelMetric, type Temporality } from './otel-metrics.ts';
export { jsonBatches, protobufBatches, type SpanBatch } from './span-batch.ts';
export { attributesJson, writeAttributes } from './write-attributes.ts';
export { logsJson, writeLogs } from './write-logs.ts';
export { metricsJson, writeMetrics } from './write-metrics.ts';
export { type Reporter, writeResource, writeScope } from './write-spans.ts';
