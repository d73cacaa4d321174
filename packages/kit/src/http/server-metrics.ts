import type { Gauge, Histogram, Metrics } from '../telemetry/index.ts';

/** The server's standard metrics, with handles found once per route and outcome. */
export interface ServerMetrics {
  active(method: string): Gauge;
  duration(outcome: RequestOutcome): Histogram;
}

/** What tells one series of the duration from another. */
export interface RequestOutcome {
  readonly method: string;
  readonly status: number;
  /** The route's pattern; empty if no route matched. Never the path: there are endless many. */
  readonly route: string;
  readonly httpVersion: string;
  /** Only when something went wrong on the server's side. */
  readonly errorType: string;
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

/** The names and labels are OpenTelemetry's HTTP conventions in Prometheus' form. */
export function createServerMetrics(metrics: Metrics): ServerMetrics {
  const durations = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP server requests.',
    labels: [
      'http_request_method',
      'http_response_status_code',
      'http_route',
      'url_scheme',
      'network_protocol_version',
      'error_type',
    ],
  });
  const actives = metrics.gauge({
    name: 'http_server_active_requests',
    help: 'Number of HTTP server requests in flight.',
    labels: ['http_request_method', 'url_scheme'],
  });
  return {
    active: (method) => actives.labels(labelOf(method), 'http'),
    duration: ({ method, status, route, httpVersion, errorType }) =>
      durations.labels(labelOf(method), String(status), route, 'http', httpVersion, errorType),
  };
}

/** Callers choose the method, so only known ones become label values. */
function labelOf(method: string): string {
  return knownMethods.has(method) ? method : '_OTHER';
}
