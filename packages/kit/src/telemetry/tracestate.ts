import type { TraceContext } from './trace-context.ts';

/** More than 512 characters need not be passed on. */
const maxLength = 512;

/**
 * The same context, whose `tracestate` says with which probability it was sampled: OpenTelemetry's entry `ot` has its rejection
 * threshold, `th`, as hex digits without zeros at the end.
 */
export function withSamplingThreshold(context: TraceContext, threshold: string): TraceContext {
  const { tracestate } = context;
  if (tracestate === undefined) return { ...context, tracestate: `ot=th:${threshold}` };
  return { ...context, tracestate: replaceThreshold(tracestate, threshold) };
}

/** `tracestate` with that threshold; `ot` comes first, as whoever changed an entry puts it there. */
export function replaceThreshold(tracestate: string | undefined, threshold: string): string {
  const entries = (tracestate ?? '').split(',').map((entry) => entry.trim());
  const ours = entries.find((entry) => entry.startsWith('ot='));
  const others = entries.filter((entry) => entry !== '' && entry !== ours);
  const kept = (ours?.slice('ot='.length).split(';') ?? []).filter((part) => part !== '' && !part.startsWith('th:'));
  const whole = [`ot=${[`th:${threshold}`, ...kept].join(';')}`, ...others].join(',');
  // The last entries are the oldest; a list that is too long loses those.
  return whole.length <= maxLength ? whole : whole.slice(0, whole.lastIndexOf(',', maxLength));
}
