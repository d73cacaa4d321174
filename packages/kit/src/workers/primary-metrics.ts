import type { FamilySnapshot, MetricsSnapshot } from '../telemetry/metrics-snapshot.ts';

/** The primary's counts. */
export interface PrimaryCounts {
  deaths: number;
  reloads: number;
  failedReloads: number;
}

/**
 * The primary's own part of the metrics. `startedMs`: when it began, since the epoch; all counts are from then on, however many
 * workers have come and gone since.
 */
export function ownMetrics(
  { deaths, reloads, failedReloads }: PrimaryCounts,
  workers: number,
  startedMs: number = performance.timeOrigin,
): MetricsSnapshot {
  return [
    {
      ...family('process_start_time_seconds', 'gauge', 'Start time of the process, in seconds since the epoch.'),
      merge: 'min',
      series: [{ values: [], data: startedMs / 1_000 }],
    },
    {
      ...family('program_workers', 'gauge', 'Worker processes, including those that are draining.'),
      series: [{ values: [], data: workers }],
    },
    {
      ...family('program_worker_deaths_total', 'counter', 'Workers that ended unexpectedly.'),
      series: [{ values: [], data: deaths }],
    },
    {
      ...family('program_reloads_total', 'counter', 'Reloads.', ['result']),
      series: [
        { values: ['ok'], data: reloads },
        { values: ['failed'], data: failedReloads },
      ],
    },
  ];
}

function family(
  name: string,
  kind: 'counter' | 'gauge',
  help: string,
  labels: readonly string[] = [],
): Omit<FamilySnapshot, 'series'> {
  return { name, help, kind, labels, merge: 'sum' };
}
