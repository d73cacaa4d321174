import type { Clock } from '@flotilla/contracts';
import type { Logger } from '@flotilla/kit/logger';
import type { Metrics } from '@flotilla/kit/telemetry';
import type { Http2Excess } from './http2-budget.ts';

/** One line tells of all sessions since the one before: an attack must not fill the log too. */
const logEveryMs = 10_000;

/** Tells of an HTTP/2 session that was ended for what it cost. */
export type ReportHttp2Excess = (excess: Http2Excess, client: string) => void;

export function reportHttp2Excess(options: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): ReportHttp2Excess {
  const { clock, logger, metrics } = options;
  const family = metrics.counter({
    name: 'gateway_http2_sessions_ended_total',
    help: 'HTTP/2 sessions closed because their clients caused too much work, by cause.',
    labels: ['excess'],
  });
  const counters = { resets: family.labels('resets'), overhead: family.labels('overhead') };
  let ended = 0;
  let logAgainAtMs = Number.NEGATIVE_INFINITY;
  return (excess, client) => {
    counters[excess].inc();
    ended += 1;
    if (clock.monotonicMs() < logAgainAtMs) return;
    logger.warn({ excess, client, ended }, 'HTTP/2 sessions closed: their clients caused too much work');
    ended = 0;
    logAgainAtMs = clock.monotonicMs() + logEveryMs;
  };
}
