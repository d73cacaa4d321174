import { type FinishedSpan, idleTracer, type Tracer } from '@flotilla/kit/telemetry';

/** A tracer that keeps the spans of sampled traces, and those that failed, each with all of its attributes. */
export interface RecordingTracer extends Tracer {
  readonly spans: readonly FinishedSpan[];
}

/** Makes a {@link RecordingTracer}. */
export function recordingTracer(): RecordingTracer {
  const spans: FinishedSpan[] = [];
  const { begin, epochMs } = idleTracer();
  return {
    enabled: true,
    begin,
    keeps: ({ sampled }, failed) => sampled || failed,
    record: (span) => void spans.push({ ...span, attributes: { ...span.common, ...span.attributes } }),
    epochMs,
    spans,
  };
}
