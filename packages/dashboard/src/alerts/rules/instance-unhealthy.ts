import type { InstanceState, ProgramView } from '../../wire/index.ts';
import type { AlertRule, Finding } from '../rule.ts';

/** It needs somebody. */
const bad: ReadonlySet<InstanceState> = new Set(['unhealthy', 'ended', 'misconfigured']);
/** On the way to being well, or not: it stays as it is. */
const between: ReadonlySet<InstanceState> = new Set(['degraded', 'restarting', 'starting', 'unknown']);

const inChinese: Readonly<Partial<Record<InstanceState, string>>> = {
  unhealthy: '不健康',
  ended: '已结束',
  misconfigured: '配置有误',
};

/** An instance does not work, and does not come back by itself. */
export const instanceUnhealthyRule: AlertRule = {
  kind: 'instance-unhealthy',
  holdMs: 15_000,
  clearMs: 10_000,
  examine: ({ programs }) => programs?.flatMap(findingsOf),
};

function findingsOf(program: ProgramView): readonly Finding[] {
  const isDown = program.instances.every(({ state }) => state !== 'healthy' && state !== 'degraded');
  return program.instances.flatMap(({ name, state, why }) => {
    if (!bad.has(state) && !between.has(state)) return [];
    const rest = isDown ? { en: '; no instance is left', zh: '；没有可用的实例了' } : { en: '', zh: '' };
    const which =
      name === program.name
        ? { en: name, zh: name }
        : { en: `${name} of ${program.name}`, zh: `${program.name} 的 ${name}` };
    return {
      subject: name,
      level: bad.has(state) ? ('raised' as const) : ('lingering' as const),
      severity: isDown ? ('critical' as const) : ('warning' as const),
      text: {
        en: `${which.en} is ${state}${why === undefined ? '' : `: ${why.en}`}${rest.en}`,
        zh: `${which.zh} ${inChinese[state] ?? state}${why === undefined ? '' : `：${why.zh}`}${rest.zh}`,
      },
      link: `/logs?service=${encodeURIComponent(program.name)}&level=warn`,
    };
  });
}
