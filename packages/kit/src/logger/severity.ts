import type { Level } from '@flotilla/contracts';

/** Levels by weight, as pino counts them. */
export const severity: Readonly<Record<Level, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: Number.POSITIVE_INFINITY,
};

/** OpenTelemetry's severity numbers: the first of each range. */
const otelSeverity: Readonly<Record<string, number>> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 };

/** OpenTelemetry's number for a level in lower case; 0, "unspecified", for one that is not ours. */
export function severityNumber(level: string): number {
  return otelSeverity[level] ?? 0;
}
