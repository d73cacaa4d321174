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
  const activeOf = new Map<string, Gauge>();
  const usual = new UsualSeries(({ method, status, route, httpVersion, errorType }) =>
    durations.labels(labelOf(method), String(status), route, 'http', httpVersion, errorType),
  );
  return {
    active(method) {
      const known = activeOf.get(method);
      if (known !== undefined) return known;
      const gauge = actives.labels(labelOf(method), 'http');
      if (knownMethods.has(method)) activeOf.set(method, gauge);
      return gauge;
    },
    duration: (outcome) => usual.of(outcome),
  };
}

/**
 * Keeps the series of what is usual, no error of ours and HTTP/1.1, by route, method and status: to find one by all its labels costs
 * more than to use it. Routes, methods that have one, and statuses are few.
 */
class UsualSeries {
  readonly #find: (outcome: RequestOutcome) => Histogram;
  readonly #byRoute = new Map<string, Map<string, Map<number, Histogram>>>();

  constructor(find: (outcome: RequestOutcome) => Histogram) {
    this.#find = find;
  }

  of(outcome: RequestOutcome): Histogram {
    const { method, status, route, httpVersion, errorType } = outcome;
    if (errorType !== '' || httpVersion !== '1.1' || !knownMethods.has(method)) return this.#find(outcome);
    const known = this.#byRoute.get(route)?.get(method)?.get(status);
    if (known !== undefined) return known;
    const byMethod = entryOf(this.#byRoute, route, () => new Map<string, Map<number, Histogram>>());
    const byStatus = entryOf(byMethod, method, () => new Map<number, Histogram>());
    return entryOf(byStatus, status, () => this.#find(outcome));
  }
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Callers choose the method, so only known ones become label values. */
function labelOf(method: string): string {
  return knownMethods.has(method) ? method : '_OTHER';
}
