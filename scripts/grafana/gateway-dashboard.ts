import type { Dashboard, Variable } from './panel.ts';
import { processRow } from './process-row.ts';
import { durationPanel, errorPanel, failed, heatmapPanel, rate, ratePanel, server, valuePanel } from './queries.ts';

const client = 'http_client_request_duration_seconds';

const gatewayJob: Variable = { name: 'job', label: 'Gateway', query: 'label_values(gateway_upstreams, job)' };
const route: Variable = {
  name: 'route',
  label: 'Route',
  query: `label_values(${server}_count{job=~"$job"}, http_route)`,
};

export const gatewayDashboard: Dashboard = {
  uid: 'flotilla-gateway',
  title: 'Flotilla: gateway',
  description: 'Requests by route, attempts at the instances behind it, and what it refused.',
  variables: [gatewayJob, route],
  rows: [
    {
      title: 'Requests by route',
      panels: [
        ratePanel('Requests', server, 'job=~"$job", http_route=~"$route"', 'http_route'),
        errorPanel('Errors (5xx)', server, 'job=~"$job", http_route=~"$route"', failed, 'http_route'),
        durationPanel('p95', server, 'job=~"$job", http_route=~"$route"', 'http_route'),
        heatmapPanel('Durations', server, 'job=~"$job", http_route=~"$route"'),
        ratePanel('Requests by status', server, 'job=~"$job", http_route=~"$route"', 'http_response_status_code'),
        valuePanel(
          "The gateway's own errors, by code",
          'reqps',
          `sum by (code) (rate(gateway_rejections_total{job=~"$job"}${rate}))`,
          '{{code}}',
        ),
        durationPanel('Percentiles', server, 'job=~"$job", http_route=~"$route"', 'job', [0.5, 0.95, 0.99]),
      ],
    },
    {
      title: 'Services behind it',
      panels: [
        ratePanel('Attempts', client, 'job=~"$job"', 'service'),
        errorPanel('Failed attempts', client, 'job=~"$job"', 'error_type!=""', 'service'),
        durationPanel('p95 of attempts', client, 'job=~"$job"', 'service'),
        ratePanel('Attempts by instance', client, 'job=~"$job"', 'service, server_address, server_port'),
        valuePanel(
          'Failures by kind',
          'reqps',
          `sum by (service, error_type) (rate(${client}_count{job=~"$job", error_type!=""}${rate}))`,
          '{{service}} {{error_type}}',
        ),
        valuePanel(
          'Retries',
          'reqps',
          `sum by (service) (rate(gateway_retries_total{job=~"$job"}${rate}))`,
          '{{service}}',
        ),
        valuePanel(
          'Instances it can use',
          'short',
          'max by (service, state) (gateway_upstreams{job=~"$job"})',
          '{{service}} {{state}}',
        ),
        valuePanel(
          'Requests in flight',
          'short',
          'sum by (service) (gateway_upstream_requests_in_flight{job=~"$job"})',
          '{{service}}',
        ),
        valuePanel(
          'Connections to services',
          'short',
          'sum by (instance) (gateway_upstream_connections{job=~"$job"})',
          '{{instance}}',
        ),
      ],
    },
    {
      title: 'Clients and limits',
      panels: [
        valuePanel(
          'Client connections',
          'short',
          'sum by (instance) (gateway_client_connections{job=~"$job"})',
          '{{instance}}',
        ),
        valuePanel(
          'Refused connections',
          'cps',
          `sum by (limit) (rate(gateway_refused_connections_total{job=~"$job"}${rate}))`,
          '{{limit}}',
        ),
        valuePanel(
          'Requests that wait for a policy',
          'short',
          'sum by (instance) (gateway_waiting_requests{job=~"$job"})',
          '{{instance}}',
        ),
        valuePanel(
          'Tunnels and event streams',
          'short',
          'sum by (instance) (gateway_long_lived_exchanges{job=~"$job"})',
          '{{instance}}',
        ),
        valuePanel(
          'Answers that were cut off',
          'reqps',
          `sum by (instance) (rate(gateway_broken_responses_total{job=~"$job"}${rate}))`,
          '{{instance}}',
        ),
        valuePanel('Workers', 'short', 'sum by (instance) (program_workers{job=~"$job"})', '{{instance}}'),
      ],
    },
    processRow('job=~"$job"'),
  ],
};
