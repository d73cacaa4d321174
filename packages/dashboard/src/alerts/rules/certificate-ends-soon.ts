import type { AlertRule } from '../rule.ts';

const dayMs = 86_400_000;
/** Whoever renews by machine does so a month before; then something is wrong with that. */
const raisedDays = 21;
const criticalDays = 3;

/** A certificate that callers see ends soon. */
export const certificateEndsSoonRule: AlertRule = {
  kind: 'certificate-ends-soon',
  holdMs: 0,
  clearMs: 0,
  examine: ({ certificates, nowMs }) =>
    certificates?.flatMap(({ subject, endsMs }) => {
      const days = Math.floor((endsMs - nowMs) / dayMs);
      if (days >= raisedDays) return [];
      const date = new Date(endsMs).toISOString().slice(0, 10);
      const text =
        days < 0
          ? {
              en: `The certificate of ${subject} ended on ${date}: clients refuse to connect. Renew it`,
              zh: `${subject} 的证书已于 ${date} 过期，客户端会拒绝连接。请更新证书`,
            }
          : {
              en: `The certificate of ${subject} ends in ${days} days, on ${date}. Renew it`,
              zh: `${subject} 的证书将在 ${days} 天后（${date}）过期。请更新证书`,
            };
      const severity = days < criticalDays ? 'critical' : 'warning';
      return { subject, level: 'raised', severity, text, link: '/routes' };
    }),
};
