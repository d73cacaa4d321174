import type { AlertRule } from '../rule.ts';
import { percent } from './words.ts';

/** From this share on there is an alert; below the lower one it ends; from the upper one on it is critical. */
const raisedShare = 0.05;
const lingeringShare = 0.02;
const criticalShare = 0.25;
/** Fewer failures than this in two minutes are an accident. */
const fewestFailures = 5;

/** A service answers with errors. */
export const errorRateRule: AlertRule = {
  kind: 'error-rate',
  holdMs: 0,
  clearMs: 60_000,
  examine: ({ traffic }) =>
    traffic?.flatMap(({ service, recent: { errorShare, requests } }) => {
      if (errorShare < lingeringShare) return [];
      const failures = Math.round(errorShare * requests);
      return {
        subject: service,
        level: errorShare >= raisedShare && failures >= fewestFailures ? 'raised' : 'lingering',
        severity: errorShare >= criticalShare ? 'critical' : 'warning',
        text: {
          en: `${percent(errorShare)} of the requests to ${service} failed in the last 2 minutes (${failures} of ${Math.round(requests)})`,
          zh: `最近 2 分钟内，发往 ${service} 的请求有 ${percent(errorShare)} 失败（${Math.round(requests)} 个中的 ${failures} 个）`,
        },
        link: `/requests?service=${encodeURIComponent(service)}&status=5xx`,
      };
    }),
};
