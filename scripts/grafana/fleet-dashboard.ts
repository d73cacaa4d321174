import type { Dashboard } from './panel.ts';
import { processRow } from './process-row.ts';
import { durationPanel, errorPanel, failed, rate, ratePanel, server, statPanel, valuePanel } from './queries.ts';
import { instance, job } from './variables.ts';

export const fleetDashboard: Dashboard = {
  uid: 'flotilla-fleet',
  title: 'Flotilla: fleet',
  description: 'All programs side by side: rate, errors, duration, and what they use.',
  variables: [job, instance],
  rows: [
    {
      title: 'At a glance',
      panels: [
        statPanel('Instances up', 'short', 'sum(up)'),
        statPanel('Instances down', 'short', 'count(up == 0) or vector(0)'),
        statPanel('Requests', 'reqps', `sum(rate(${server}_count{job="gateway"}${rate}))`),
        statPanel(
          'Errors',
          'percentunit',
          `(sum(rate(${server}_count{job="gateway", ${failed}}${rate})) or vector(0)) / sum(rate(${server}_count{job="gateway"}${rate}))`,
        ),
        statPanel('p95', 's', `histogram_quantile(0.95, sum by (le) (rate(${server}_bucket{job="gateway"}${rate})))`),
        statPanel('Youngest process', 's', 'time() - max(process_start_time_seconds)'),
      ],
    },
    {
      title: 'Requests',
      panels: [
        ratePanel('Requests', server, 'job=~"$job"', 'job'),
        errorPanel('Errors (5xx)', server, 'job=~"$job"', failed, 'job'),
        durationPanel('p95', server, 'job=~"$job"', 'job'),
      ],
    },
    {
      title: 'OpenTelemetry',
      panels: [
        valuePanel(
          'Sent by OTLP',
          'ops',
          `sum by (job, signal) (rate(otel_exporter_sent_total{job=~"$job"}${rate}))`,
          '{{job}} {{signal}}',
        ),
        valuePanel(
          'Dropped, since nobody took it',
          'ops',
          `sum by (job, signal) (rate(otel_exporter_dropped_total{job=~"$job"}${rate}))`,
          '{{job}} {{signal}}',
        ),
      ],
    },
    processRow('job=~"$job", instance=~"$instance"'),
  ],
};
