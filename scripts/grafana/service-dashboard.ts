import type { Dashboard } from './panel.ts';
import { processRow } from './process-row.ts';
import { durationPanel, errorPanel, failed, heatmapPanel, rate, ratePanel, server, valuePanel } from './queries.ts';
import { instance, job } from './variables.ts';

const httpClient = 'http_client_request_duration_seconds';
const rpcClient = 'rpc_client_call_duration_seconds';

export const serviceDashboard: Dashboard = {
  uid: 'flotilla-service',
  title: 'Flotilla: services',
  description: 'One service or several: routes, gRPC, database, cache, events.',
  variables: [job, instance],
  rows: [
    {
      title: 'HTTP',
      panels: [
        ratePanel(
          'Requests by route',
          server,
          'job=~"$job", instance=~"$instance"',
          'job, http_request_method, http_route',
        ),
        errorPanel('Errors (5xx)', server, 'job=~"$job", instance=~"$instance"', failed, 'job, http_route'),
        durationPanel('p95', server, 'job=~"$job", instance=~"$instance"', 'job, http_route'),
        heatmapPanel('Durations', server, 'job=~"$job", instance=~"$instance"'),
        valuePanel(
          'Requests in progress',
          'short',
          'sum by (job, instance) (http_server_active_requests{job=~"$job", instance=~"$instance"})',
          '{{instance}}',
        ),
        ratePanel('Requests by instance', server, 'job=~"$job", instance=~"$instance"', 'instance'),
        ratePanel('Requests by status', server, 'job=~"$job", instance=~"$instance"', 'job, http_response_status_code'),
      ],
    },
    {
      title: 'gRPC',
      panels: [
        ratePanel('Calls', 'rpc_server_call_duration_seconds', 'job=~"$job"', 'job, rpc_method'),
        errorPanel(
          'Failed calls',
          'rpc_server_call_duration_seconds',
          'job=~"$job"',
          'error_type!=""',
          'job, rpc_method',
        ),
        durationPanel('p95', 'rpc_server_call_duration_seconds', 'job=~"$job"', 'job, rpc_method'),
      ],
    },
    {
      title: 'Calls to other services',
      panels: [
        ratePanel('HTTP calls', httpClient, 'job=~"$job"', 'job, server_address, server_port'),
        errorPanel(
          'Failed HTTP calls',
          httpClient,
          'job=~"$job"',
          'error_type!=""',
          'job, server_address, server_port',
        ),
        durationPanel('p95 of HTTP calls', httpClient, 'job=~"$job"', 'job, server_address, server_port'),
        ratePanel('gRPC calls', rpcClient, 'job=~"$job"', 'job, rpc_method'),
        errorPanel('Failed gRPC calls', rpcClient, 'job=~"$job"', 'error_type!=""', 'job, rpc_method'),
        durationPanel('p95 of gRPC calls', rpcClient, 'job=~"$job"', 'job, rpc_method'),
      ],
    },
    {
      title: 'Database',
      panels: [
        ratePanel('Statements', 'db_client_operation_duration_seconds', 'job=~"$job"', 'job, db_query_summary'),
        errorPanel(
          'Failed statements',
          'db_client_operation_duration_seconds',
          'job=~"$job"',
          'error_type!=""',
          'job, db_query_summary',
        ),
        durationPanel('p95', 'db_client_operation_duration_seconds', 'job=~"$job"', 'job, db_query_summary'),
        durationPanel('Wait for a connection, p95', 'db_client_connection_wait_time_seconds', 'job=~"$job"', 'job'),
      ],
    },
    {
      title: 'Cache and events',
      panels: [
        valuePanel(
          'Reads of the cache',
          'ops',
          `sum by (job, result) (rate(cache_reads_total{job=~"$job"}${rate}))`,
          '{{job}} {{result}}',
        ),
        valuePanel('Cache in use', 'bool', 'min by (job, instance) (cache_usable{job=~"$job"})', '{{instance}}'),
        valuePanel(
          'Events applied',
          'ops',
          `sum by (job, consumer) (rate(events_applied_total{job=~"$job"}${rate}))`,
          '{{job}} {{consumer}}',
        ),
        valuePanel(
          'Events behind',
          'short',
          'max by (job, consumer) (events_consumer_lag{job=~"$job"})',
          '{{job}} {{consumer}}',
        ),
      ],
    },
    processRow('job=~"$job", instance=~"$instance"'),
  ],
};
