import type { AlertRule } from '../rule.ts';

/** The registry cannot be read: programs go on with the instances that they know, and learn of no change. */
export const registryStaleRule: AlertRule = {
  kind: 'registry-stale',
  holdMs: 15_000,
  clearMs: 15_000,
  examine: ({ troubles }) =>
    troubles?.flatMap(({ source, message }) =>
      source !== 'registry'
        ? []
        : {
            subject: 'registry',
            level: 'raised',
            severity: 'critical',
            text: {
              en: `The registry cannot be read, so programs go on with the instances that they know. ${message}`,
              zh: `无法读取注册中心，各程序继续使用已知的实例。${message}`,
            },
            link: '/registry',
          },
    ),
};
