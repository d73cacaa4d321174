import type { Counter, MetricFamily, Metrics } from '@flotilla/kit/telemetry';
import type { RequestLimit } from '../attempt/outcome.ts';
import type { EngineLimits } from '../config/limits.ts';
import type { ExchangeRecord } from './exchange-record.ts';

/** The limits that requests can meet, as metrics call them. */
const names: Readonly<Record<RequestLimit | 'connections' | 'waiting', string>> = {
  connections: 'connections',
  connectionsPerUpstream: 'connections_per_upstream',
  clientShare: 'client_share',
  longLived: 'long_lived',
  longLivedPerClient: 'long_lived_per_client',
  longLivedPerUpstream: 'long_lived_per_upstream',
  waiting: 'waiting',
};

/** Counts the requests that have met a limit of the gateway. Connections that are refused are counted where they are. */
export class LimitMetrics {
  readonly #reached: MetricFamily<Counter>;

  constructor(metrics: Metrics) {
    this.#reached = metrics.counter({
      name: 'gateway_limits_reached_total',
      help: 'Requests refused because of a limit of the gateway, by limit.',
      labels: ['limit'],
    });
  }

  record({ error, outcome }: ExchangeRecord): void {
    if (error?.code !== 'OVERLOADED') return;
    // Attempts meet several limits, requests that wait for a policy only one.
    this.#reached.labels(names[outcome?.kind === 'limited' ? outcome.limit : 'waiting']).inc();
  }
}

/** Shows the limits that say how much of what is in use is much. */
export function showLimits(metrics: Metrics, limits: EngineLimits): void {
  const family = metrics.gauge({
    name: 'gateway_limit',
    help: 'Limits of the configuration, for the whole gateway: connections, connections to one upstream, and so on.',
    labels: ['limit'],
    // Each worker knows the whole.
    merge: 'max',
  });
  for (const limit of ['connections', 'connectionsPerUpstream', 'longLived', 'waiting'] as const)
    family.labels(names[limit]).set(limits[limit]);
}
