import type { Counter, Histogram, MetricFamily, Metrics } from '@flotilla/kit/telemetry';
import { errorTypeOf } from '../attempt/describe-outcome.ts';
import type { Outcome } from '../attempt/outcome.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { AttemptObserver, UpstreamSet } from '../upstream/upstream-set.ts';
import type { CutEnding, Ending, ExchangeRecord } from './exchange-record.ts';
import { LimitMetrics } from './limit-metrics.ts';

/** The client left before its answer (nginx's word for it; no such status is ever sent). */
const clientClosedStatus = 499;

const knownMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What `error_type` says of an answer that was cut, in metrics and spans. */
export const cutTypes: Readonly<Record<CutEnding, string> & Partial<Record<Ending, string>>> = {
  'client-stalled': 'client_stalled',
  broken: 'broken_response',
  'timed-out': 'timed_out',
  'request-refused': 'request_refused',
  'shut-down': 'shut_down',
};

/** The series of one route and method, by status and protocol: found by two look-ups and one index, no string is made. */
type SeriesByStatus = (Histogram | undefined)[];

/** What the gateway counts about the requests it serves. Names and attributes are OpenTelemetry's, in Prometheus' form. */
export class ExchangeMetrics {
  readonly #durations: MetricFamily<Histogram>;
  readonly #retries: MetricFamily<Counter>;
  readonly #rejections: MetricFamily<Counter>;
  readonly #limits: LimitMetrics;
  readonly #broken: Counter;
  readonly #byTemplate = new Map<string, Map<string, SeriesByStatus>>();

  constructor(metrics: Metrics) {
    this.#durations = metrics.histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Time from the first byte of a request to the end of its answer.',
      labels: [
        'http_route',
        'http_request_method',
        'http_response_status_code',
        'url_scheme',
        'network_protocol_version',
        'error_type',
      ],
      maxSeries: 5_000,
    });
    this.#retries = metrics.counter({
      name: 'gateway_retries_total',
      help: 'Retries: attempts at upstreams after the first of a request.',
      labels: ['service'],
    });
    this.#rejections = metrics.counter({
      name: 'gateway_rejections_total',
      help: 'Requests that the gateway answered with an error of its own, by code.',
      labels: ['code'],
    });
    this.#limits = new LimitMetrics(metrics);
    this.#broken = metrics
      .counter({
        name: 'gateway_broken_responses_total',
        help: 'Answers cut off because the upstream failed in the middle.',
      })
      .labels();
  }

  /** Counts one request that is over. `isTraced`: its spans are kept, so that its trace is worth to be named. */
  record(record: ExchangeRecord, isTraced: boolean): void {
    const exemplar = isTraced ? record.identity.trace : undefined;
    this.#seriesOf(record).observe((record.endedAtMs - record.startedAtMs) / 1_000, exemplar);
    if (record.attempts > 1) this.#retries.labels(record.service ?? '').inc(record.attempts - 1);
    if (record.error !== undefined) this.#rejections.labels(record.error.code).inc();
    this.#limits.record(record);
    if (record.ending === 'broken') this.#broken.inc();
  }

  #seriesOf(record: ExchangeRecord): Histogram {
    const template = record.route?.template ?? '';
    const sent = record.head?.method ?? '';
    const method = knownMethods.has(sent) ? sent : '_OTHER';
    const status = reportedStatus(record);
    const scheme = record.head?.scheme ?? 'http';
    const version = record.head?.httpVersion ?? '1.1';
    const cut = cutTypes[record.ending];
    if (record.error !== undefined || cut !== undefined) {
      const type = status < 500 && cut === undefined ? '' : (record.error?.code ?? cut ?? '');
      return this.#durations.labels(template, method, status === 0 ? '' : String(status), scheme, version, type);
    }
    let byMethod = this.#byTemplate.get(template);
    if (byMethod === undefined) {
      byMethod = new Map();
      this.#byTemplate.set(template, byMethod);
    }
    let byStatus = byMethod.get(method);
    if (byStatus === undefined) {
      byStatus = [];
      byMethod.set(method, byStatus);
    }
    const at = status * 6 + (version === '1.1' ? 0 : version === '1.0' ? 1 : 2) + (scheme === 'http' ? 0 : 3);
    let series = byStatus[at];
    if (series === undefined) {
      series = this.#durations.labels(
        template,
        method,
        String(status),
        scheme,
        version,
        status < 500 ? '' : String(status),
      );
      byStatus[at] = series;
    }
    return series;
  }
}

/** The status for log and metrics: what was sent (0 = nothing), or 499 when the client did not wait for it. */
export function reportedStatus(record: ExchangeRecord): number {
  return record.ending === 'client-gone' ? clientClosedStatus : record.status;
}

/** What the gateway counts about its calls of upstreams. */
export class AttemptMetrics implements AttemptObserver {
  readonly #durations: MetricFamily<Histogram>;
  /** Of successful responses, by upstream and status: the path of nearly every attempt. */
  readonly #responses = new WeakMap<Upstream, (Histogram | undefined)[]>();

  constructor(metrics: Metrics) {
    this.#durations = metrics.histogram({
      name: 'http_client_request_duration_seconds',
      help: 'Time from the start of an attempt at an upstream to its end.',
      labels: ['service', 'server_address', 'server_port', 'http_response_status_code', 'error_type'],
      maxSeries: 5_000,
    });
  }

  attemptEnded(upstream: Upstream, outcome: Outcome, durationMs: number): void {
    this.#seriesOf(upstream, outcome).observe(durationMs / 1_000);
  }

  #seriesOf(upstream: Upstream, outcome: Outcome): Histogram {
    if (outcome.kind !== 'response') return this.#labelled(upstream, '', errorTypeOf(outcome));
    let byStatus = this.#responses.get(upstream);
    if (byStatus === undefined) {
      byStatus = [];
      this.#responses.set(upstream, byStatus);
    }
    let series = byStatus[outcome.status];
    if (series === undefined) {
      const status = String(outcome.status);
      series = this.#labelled(upstream, status, outcome.status < 500 ? '' : status);
      byStatus[outcome.status] = series;
    }
    return series;
  }

  #labelled(upstream: Upstream, status: string, errorType: string): Histogram {
    return this.#durations.labels(upstream.service, upstream.address, String(upstream.port), status, errorType);
  }
}

/** Shows how many upstreams of each service can be used, looked up when the metrics are read. */
export function upstreamMetrics(metrics: Metrics, sets: Iterable<UpstreamSet>): void {
  const upstreams = metrics.gauge({
    name: 'gateway_upstreams',
    help: 'Instances that discovery knows: available, or set aside until a probe passes.',
    labels: ['service', 'state'],
    // All workers follow the same registry: the sum would count each instance once per worker.
    merge: 'max',
  });
  const inFlight = metrics.gauge({
    name: 'gateway_upstream_requests_in_flight',
    help: 'Attempts in progress.',
    labels: ['service'],
  });
  metrics.onCollect(() => {
    for (const { service, all } of sets) {
      const available = all.filter((upstream) => upstream.isAvailable()).length;
      upstreams.labels(service, 'available').set(available);
      upstreams.labels(service, 'set_aside').set(all.length - available);
      inFlight.labels(service).set(all.reduce((sum, upstream) => sum + upstream.inFlight, 0));
    }
  });
}
