import type { AlertRule } from '../rule.ts';
import { milliseconds } from './words.ts';

/** How many times the usual p95 there is an alert, and below how many it ends. */
const raisedFactor = 2;
const lingeringFactor = 1.5;
/** It must also be this much slower: nobody notices 4 ms instead of 1. */
const noticeableMs = 50;
/** It is critical when a person has to wait this long, and far longer than usual. */
const criticalMs = 1_000;
const criticalFactor = 5;
/** Percentiles of fewer requests say little. */
const fewestRecent = 10;
const fewestUsual = 50;

/** A service is much slower than it was in the hour before. */
export const slowerThanUsualRule: AlertRule = {
  kind: 'slower-than-usual',
  holdMs: 20_000,
  clearMs: 60_000,
  examine: ({ traffic }) =>
    traffic?.flatMap(({ service, recent, usual }) => {
      if (recent.p95Ms === undefined || usual?.p95Ms === undefined) return [];
      if (recent.requests < fewestRecent || usual.requests < fewestUsual) return [];
      const factor = recent.p95Ms / Math.max(usual.p95Ms, 0.001);
      if (factor < lingeringFactor || recent.p95Ms - usual.p95Ms < noticeableMs / 2) return [];
      const isRaised = factor >= raisedFactor && recent.p95Ms - usual.p95Ms >= noticeableMs;
      const [now, before] = [milliseconds(recent.p95Ms), milliseconds(usual.p95Ms)];
      return {
        subject: service,
        level: isRaised ? 'raised' : 'lingering',
        severity: recent.p95Ms >= criticalMs && factor >= criticalFactor ? 'critical' : 'warning',
        text: {
          en: `${service} is slow: 95 % of its requests took up to ${now} in the last 2 minutes, and up to ${before} in the hour before`,
          zh: `${service} 变慢了：最近 2 分钟内 95 % 的请求耗时不超过 ${now}，此前一小时为 ${before}`,
        },
        // Those that took longer than usual.
        link: `/requests?service=${encodeURIComponent(service)}&min_ms=${Math.ceil(usual.p95Ms)}`,
      };
    }),
};
