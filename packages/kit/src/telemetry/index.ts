export { acceptBaggage, formatBaggage, readBaggage } from './baggage.ts';
export { currentTrace, currentTracer, isOutsideTraces, outsideTraces, withinTrace } from './current-trace.ts';
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
export { isKeptAnyway, type RecordingTracerOptions, recordingTracer } from './recording-tracer.ts';
export type { RenderedMetrics, RenderMetrics } from './render-metrics.ts';
export { acceptRequestId, newRequestId } from './request-id.ts';
export { createSampler, type Sampler, type SamplerName, samplerNames } from './sampler.ts';
export { shownQuery } from './shown-query.ts';
export type { Attributes, AttributeValue, FinishedSpan, SpanEvent, SpanKind } from './span.ts';
export {
  type FillRandom,
  formatTraceparent,
  parseTraceparent,
  type TraceContext,
  TraceIds,
} from './trace-context.ts';
export { idleTracer, type Tracer } from './tracer.ts';
export { replaceThreshold } from './tracestate.ts';
