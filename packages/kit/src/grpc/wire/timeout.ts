const unitsMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 0.001, n: 0.000_001 };

/** How long the caller waits, in milliseconds: the value of `grpc-timeout`. Undefined if it is not valid. */
export function readTimeout(value: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(value) ?? [];
  const unitMs = unitsMs[unit];
  return unitMs === undefined ? undefined : Number(digits) * unitMs;
}

/** The value of `grpc-timeout` for a wait: at most 8 digits, rounded up, since less would cut the wait short. */
export function formatTimeout(timeoutMs: number): string {
  const wholeMs = Math.max(1, Math.ceil(timeoutMs));
  return wholeMs < 100_000_000 ? `${wholeMs}m` : `${Math.min(99_999_999, Math.ceil(wholeMs / 1000))}S`;
}
