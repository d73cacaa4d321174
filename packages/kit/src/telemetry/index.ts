export { currentTrace, withinTrace } from './current-trace.ts';
export { dbDurations } from './db-durations.ts';
export type { Counter, Exemplar, Gauge, Histogram } from './metric-series.ts';
export {
  createMetrics,
  durationBuckets,
  type MetricFamily,
  type MetricOptions,
  type Metrics,
} from './metrics.ts';
export type { MergeRule, MetricsSnapshot } from './metrics-snapshot.ts';
export { processMetrics, type TargetInfo } from './process-metrics.ts';
export type { RenderedMetrics, RenderMetrics } from './render-metrics.ts';
export { acceptRequestId, newRequestId } from './request-id.ts';
export type { Attributes, AttributeValue, FinishedSpan, SpanEvent, SpanKind } from './span.ts';
export {
  type FillRandom,
  formatTraceparent,
  parseTraceparent,
  type TraceContext,
  TraceIds,
} from './trace-context.ts';
export { idleTracer, type Tracer } from './tracer.ts';
