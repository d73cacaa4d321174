/**
 * How many spans one stands for, by the `tracestate` of its trace: OpenTelemetry's entry `ot` has the threshold below which
 * traces were not sampled, as the first of 14 hex digits. 1 if nothing is said.
 */
export function samplingWeight(tracestate: string): number {
  if (tracestate === '') return 1;
  const [, digits] = /(?:^|,)\s*ot=(?:[^,]*;)?th:([0-9a-f]{1,14})(?:[;,\s]|$)/.exec(tracestate) ?? [];
  if (digits === undefined) return 1;
  const rejected = Number.parseInt(digits.padEnd(14, '0'), 16) / 2 ** 56;
  return rejected < 1 ? Math.min(1 / (1 - rejected), maxWeight) : 1;
}

/** A sender that claims more would outweigh all others. */
const maxWeight = 1_000_000;
