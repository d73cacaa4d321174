import type { Dashboard, Variable } from './panel.ts';
import { processRow } from './process-row.ts';
import { durationPanel, errorPanel, failed, rate, ratePanel, server, valuePanel } from './queries.ts';

const registryJob: Variable = { name: 'job', label: 'Registry', query: 'label_values(registry_revision, job)' };
export const registryDashboard: Dashboard = {
  uid: 'flotilla-registry',
  title: 'Flotilla: registry',
  description: 'Instances, leases, health checks, watches and keys.',
  variables: [registryJob],
  rows: [
    {
      title: 'Instances',
      panels: [
        valuePanel(
          'Instances',
          'short',
          'max by (service, status) (registry_instances{job=~"$job"})',
          '{{service}} {{status}}',
        ),
        valuePanel(
          'Leases that expired',
          'short',
          'sum(increase(registry_leases_expired_total{job=~"$job"}[$__range]))',
          '',
        ),
        valuePanel('Renewals', 'ops', `sum(rate(registry_lease_renewals_total{job=~"$job"}${rate}))`, ''),
        valuePanel('Silent instances that are kept', 'short', 'max(registry_suspect_instances{job=~"$job"})', ''),
        valuePanel('Revision', 'none', 'max by (instance) (registry_revision{job=~"$job"})', '{{instance}}'),
        valuePanel('Open watches', 'short', 'sum by (instance) (registry_watches{job=~"$job"})', '{{instance}}'),
      ],
    },
    {
      title: 'Health checks',
      panels: [
        valuePanel('Checks', 'short', 'max by (type, status) (registry_checks{job=~"$job"})', '{{type}} {{status}}'),
        durationPanel('Duration of checks, p95', 'registry_check_duration_seconds', 'job=~"$job"', 'type'),
        valuePanel('Checks that began late', 'ops', `sum(rate(registry_checks_late_total{job=~"$job"}${rate}))`, ''),
      ],
    },
    {
      title: 'Keys and requests',
      panels: [
        valuePanel('Keys', 'short', 'max(registry_keys{job=~"$job"})', 'keys'),
        valuePanel('Bytes of keys', 'bytes', 'max(registry_keys_bytes{job=~"$job"})', 'bytes'),
        valuePanel('Sessions', 'short', 'max(registry_sessions{job=~"$job"})', 'sessions'),
        ratePanel('Requests', server, 'job=~"$job"', 'http_route'),
        errorPanel('Errors (5xx)', server, 'job=~"$job"', failed, 'job'),
        durationPanel('p95', server, 'job=~"$job"', 'http_route'),
      ],
    },
    processRow('job=~"$job"'),
  ],
};
