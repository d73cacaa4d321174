import type { TraceContext } from './trace-context.ts';
import { withSamplingThreshold } from './tracestate.ts';

/** Decides which traces are sampled. */
export interface Sampler {
  /** The context of a trace that begins here. */
  root(made: TraceContext): TraceContext;
  /** The context of a new span; `made` is sampled if its parent is. */
  child(made: TraceContext): TraceContext;
}

/** The samplers of OpenTelemetry that need no server, by the values of `OTEL_TRACES_SAMPLER`. */
export const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof samplerNames)[number];

/**
 * The sampler of that name.
 *
 * @param probability for the two with a ratio: the share of traces to keep, 0 to 1
 */
export function createSampler(name: SamplerName, probability: number): Sampler {
  const inherit = (made: TraceContext): TraceContext => made;
  switch (name) {
    case 'always_on':
      return { root: inherit, child: decided(true) };
    case 'always_off':
      return { root: decided(false), child: decided(false) };
    case 'traceidratio':
      return { root: byRatio(probability), child: byRatio(probability) };
    case 'parentbased_always_on':
      return { root: inherit, child: inherit };
    case 'parentbased_always_off':
      return { root: decided(false), child: inherit };
    case 'parentbased_traceidratio':
      return { root: byRatio(probability), child: inherit };
    default:
      return name satisfies never;
  }
}

function decided(sampled: boolean): (made: TraceContext) => TraceContext {
  return (made) => (made.sampled === sampled ? made : { ...made, sampled });
}

/** Trace ids end in 56 random bits, from this digit on; so many of their digits are looked at: what a number holds exactly. */
const digits = { from: 18, count: 13 } as const;

/**
 * Keeps a trace if its randomness reaches a threshold, as OpenTelemetry's consistent probability sampling does: programs with the
 * same ratio keep the same traces, and `tracestate` says how many each stands for.
 */
function byRatio(probability: number): (made: TraceContext) => TraceContext {
  if (probability >= 1) return (made) => ({ ...withSamplingThreshold(made, '0'), sampled: true });
  if (probability <= 0) return decided(false);
  // Four digits behind those that are all f: enough for what a person would write.
  const precision = Math.min(digits.count, Math.floor(-Math.log2(probability) / 4) + 4);
  const steps = 16 ** precision;
  const text = Math.min(steps - 1, Math.round((1 - probability) * steps))
    .toString(16)
    .padStart(precision, '0');
  // Hex digits of one length compare as texts as they do as numbers.
  const threshold = text.padEnd(digits.count, '0');
  const shown = text.replace(/0+$/, '') || '0';
  return (made) => {
    if (isBelow(made.traceId, threshold)) return made.sampled ? { ...made, sampled: false } : made;
    return { ...withSamplingThreshold(made, shown), sampled: true };
  };
}

/** Whether the digits of an id that decide are less than `threshold`. Nearly always, the first one tells. */
function isBelow(traceId: string, threshold: string): boolean {
  for (let index = 0; index < digits.count; index += 1) {
    const difference = traceId.charCodeAt(digits.from + index) - threshold.charCodeAt(index);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
