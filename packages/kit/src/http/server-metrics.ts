import type { Gauge, Histogram, Metrics } from '../telemetry/index.ts';

/** The server's standard metrics, with handles looked up once per route and outcome. */
export interface ServerMetrics {
  active(method: string): Gauge;
  duration(outcome: RequestOutcome): Histogram;
}

/** The labels of a series of the duration. */
export interface RequestOutcome {
  readonly method: string;
  readonly status: number;
  /** The route's pattern; empty if no route matched. Never the path, of which there are endlessly many. */
  readonly route: string;
  readonly httpVersion: string;
  /** Only if something went wrong on the server's side. */
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
    help: 'HTTP server requests in progress.',
    labels: ['http_request_method', 'url_scheme'],
  });
  const activeOf = new Map<string, Gauge>();
  const usual = new UsualSeries(({ method, status, route, httpVersion, errorType }) =>
    durations.labels(shownMethod(method), String(status), route, 'http', httpVersion, errorType),
  );
  return {
    active(method) {
      const known = activeOf.get(method);
      if (known !== undefined) return known;
      const gauge = actives.labels(shownMethod(method), 'http');
      if (knownMethods.has(method)) activeOf.set(method, gauge);
      return gauge;
    },
    duration: (outcome) => usual.of(outcome),
  };
}

/**
 * Keeps the series of usual requests, those over HTTP/1.1 without an error of ours, by route, method and status: a lookup by all
 * labels costs more than a use. There are few routes, methods and statuses.
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

/** Callers choose the method, so only known ones become values of the label. */
export function shownMethod(method: string): string {
  return knownMethods.has(method) ? method : '_OTHER';
}
