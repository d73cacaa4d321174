import type { Histogram, MetricFamily, Metrics } from '@flotilla/kit/telemetry';
import type { Outcome } from '../attempt/outcome.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { AttemptObserver, UpstreamSet } from '../upstream/upstream-set.ts';

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

function errorTypeOf(outcome: Exclude<Outcome, { kind: 'response' }>): string {
  return outcome.kind === 'timeout' ? `timeout_${outcome.phase.replace('-', '_')}` : outcome.kind;
}

/** Shows how many upstreams of each service can be used, looked up when the metrics are read. */
export function upstreamMetrics(metrics: Metrics, sets: Iterable<UpstreamSet>): void {
  const upstreams = metrics.gauge({
    name: 'gateway_upstreams',
    help: 'Instances known by discovery: available, or set aside until a probe passes.',
    labels: ['service', 'state'],
    // All workers follow the same registry: the sum would count each instance once per worker.
    merge: 'max',
  });
  const inFlight = metrics.gauge({
    name: 'gateway_upstream_requests_in_flight',
    help: 'Attempts going on.',
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
