import type { Counter, Gauge, Metrics } from '../telemetry/index.ts';

/** What a consumer counts. */
export class ConsumerMetrics {
  readonly #applied: Counter;
  readonly #duplicates: Counter;
  readonly #copies: Counter;
  readonly #lag: Gauge;

  constructor(metrics: Metrics, name: string) {
    const labels = ['consumer'];
    const counter = (which: string, help: string): Counter =>
      metrics.counter({ name: which, help, labels }).labels(name);
    this.#applied = counter('events_applied_total', 'Events whose effect this instance has written.');
    this.#duplicates = counter(
      'events_duplicates_total',
      'Events received again, or applied by another instance first.',
    );
    this.#copies = counter('events_copies_total', 'How often all records were copied, since events were missing.');
    this.#lag = metrics
      .gauge({ name: 'events_consumer_lag', help: 'Events that are not applied yet.', labels, merge: 'max' })
      .labels(name);
  }

  applied(events: number): void {
    this.#applied.inc(events);
  }

  duplicates(events: number): void {
    this.#duplicates.inc(events);
  }

  copied(): void {
    this.#copies.inc(1);
  }

  /** The consumer is at `position`, and the feed at `newest`. */
  at(position: number, newest: number): void {
    this.#lag.set(Math.max(0, newest - position));
  }
}
