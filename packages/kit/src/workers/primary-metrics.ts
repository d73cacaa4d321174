import type { FamilySnapshot, MetricsSnapshot } from '../telemetry/metrics-snapshot.ts';

/** The primary's counts. */
export interface PrimaryCounts {
  deaths: number;
  reloads: number;
  failedReloads: number;
}

/** The primary's own part of the metrics. */
export function ownMetrics({ deaths, reloads, failedReloads }: PrimaryCounts, workers: number): MetricsSnapshot {
  return [
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
