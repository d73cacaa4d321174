import type { Translated } from '@flotilla/contracts';
import type { ProxyRoute } from '../config/proxy-route.ts';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';
import { both } from './both.ts';

/** The instances that could get a request, by id, and who they are in a sentence. */
export interface Candidacy {
  readonly ids: readonly string[];
  readonly step: Translated;
}

/** Who could get a request of this route now. */
export function candidatesOf({ set }: UpstreamPool, { balance, service }: ProxyRoute): Candidacy {
  if (set.all.length === 0) {
    const step = set.known
      ? both(`${service} has no instances`, `${service} 没有实例`)
      : both(
          `${service} is not yet known: the registry has not reported its instances`,
          `尚不知道 ${service}：注册中心还没有报告它的实例`,
        );
    return { ids: [], step };
  }
  const well = set.all.filter((upstream) => upstream.isAvailable());
  if (well.length === 0) {
    const step = both(
      `all instances of ${service} are set aside; the one with the fewest failures is tried all the same`,
      `${service} 的所有实例都被暂时摘除；仍会尝试其中失败最少的一个`,
    );
    return { ids: set.all.map(({ id }) => id), step };
  }
  const preferred = well.filter(({ lastResort }) => !lastResort);
  const from = preferred.length > 0 ? preferred : well;
  const aside = set.all.length - well.length;
  const held = well.length - from.length;
  const others = [
    ...(held > 0 ? [both(`${held} held back by weight 0`, `${held} 个因权重为 0 而保留`)] : []),
    ...(aside > 0 ? [both(`${aside} set aside`, `${aside} 个被暂时摘除`)] : []),
  ];
  const which =
    from.length === 1
      ? both('the only available instance', '唯一可用的实例')
      : both(`one of ${from.length} available instances`, `${from.length} 个可用实例之一`);
  const rest =
    others.length === 0
      ? both('', '')
      : both(` (${others.map(({ en }) => en).join(', ')})`, `（${others.map(({ 'zh-CN': zh }) => zh).join('，')}）`);
  const { kind } = balance;
  return {
    ids: from.map(({ id }) => id),
    step: both(`${kind} picks ${which.en}${rest.en}`, `${kind} 选择${which['zh-CN']}${rest['zh-CN']}`),
  };
}
