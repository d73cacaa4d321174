import type { Counter, MetricFamily, Metrics } from '@flotilla/kit/telemetry';
import type { SetAsideReason } from '../health/instance-health.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { UpstreamObserver } from '../upstream/upstream-set.ts';

/** Counts how often instances are set aside, which other gateways call the opening of a circuit breaker, and tells the next. */
export class SetAsideMetrics implements UpstreamObserver {
  readonly #count: MetricFamily<Counter>;
  readonly #next: UpstreamObserver;

  constructor(metrics: Metrics, next: UpstreamObserver) {
    this.#next = next;
    this.#count = metrics.counter({
      name: 'gateway_set_aside_total',
      help: 'How often a worker has set an instance aside until a probe passes, by reason.',
      labels: ['service', 'reason'],
    });
  }

  upstreamSetAside(upstream: Upstream, reason: SetAsideReason): void {
    this.#count.labels(upstream.service, reason.replaceAll('-', '_')).inc();
    this.#next.upstreamSetAside(upstream, reason);
  }

  upstreamReturned(upstream: Upstream): void {
    this.#next.upstreamReturned(upstream);
  }
}
