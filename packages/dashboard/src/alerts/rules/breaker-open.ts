import type { UpstreamView } from '../../wire/index.ts';
import type { AlertRule, Finding } from '../rule.ts';

/** The gateway sends an instance no requests, because too many have failed. */
export const breakerOpenRule: AlertRule = {
  kind: 'breaker-open',
  holdMs: 0,
  // It lets a request through from time to time, and closes again while the instance is still broken.
  clearMs: 60_000,
  examine: ({ upstreams }) => upstreams?.flatMap(findingsOf),
};

function findingsOf({ service, instances }: UpstreamView): readonly Finding[] {
  const isDown = instances.every(({ state }) => state !== 'available');
  return instances.flatMap(({ id, state, why }) => {
    if (state !== 'set-aside') return [];
    const reason = why === undefined ? '' : ` (${why})`;
    // A service of one instance is often called the same.
    const which = id === service ? { en: id, zh: id } : { en: `${id} of ${service}`, zh: `${service} 的 ${id}` };
    return {
      subject: id,
      level: 'raised' as const,
      severity: isDown ? ('critical' as const) : ('warning' as const),
      text: {
        en: `The gateway sends no requests to ${which.en}${reason}${isDown ? '; no instance is available' : ''}`,
        // The page that the link leads to says the reason in the language of its reader.
        zh: `网关不再向 ${which.zh} 发送请求${isDown ? '；没有可用的实例' : ''}`,
      },
      link: '/routes/upstreams',
    };
  });
}
