import type { Locale, Translated } from '@flotilla/contracts';
import type { SetAsideReason } from '../health/instance-health.ts';
import type { UpstreamSet } from '../upstream/upstream-set.ts';
import { both } from './both.ts';
import type { InstanceView, UpstreamView } from './views.ts';

/** How one process of the gateway sees an instance. */
interface SeenInstance extends Omit<InstanceView, 'why'> {
  readonly reason: SetAsideReason | undefined;
  /** How long it has been set aside. */
  readonly sinceMs: number | undefined;
}

/** How one process of the gateway sees the services: what workers tell each other. */
export type SeenUpstreams = readonly { readonly service: string; readonly instances: readonly SeenInstance[] }[];

const reasons: Readonly<Record<SetAsideReason, Translated>> = {
  unreachable: both('no connection to it could be opened', '无法与它建立连接'),
  'failures-in-a-row': both('several attempts at it failed in a row', '对它的尝试连续失败多次'),
  'probe-failed': both('after an attempt had failed, a probe failed too', '一次尝试失败之后，探测也失败了'),
};

/** For how long, and in how many of the workers. */
const asides: Readonly<Record<Locale, (reason: string, seconds: number, aside: number, workers: number) => string>> = {
  en: (reason, seconds, aside, workers) =>
    `${reason}; set aside for ${seconds} s${aside < workers ? `, in ${aside} of ${workers} workers` : ''}`,
  'zh-CN': (reason, seconds, aside, workers) =>
    `${reason}；已暂时摘除 ${seconds} 秒${aside < workers ? `（${workers} 个工作进程中的 ${aside} 个）` : ''}`,
};

/** How this process sees the instances of all services. */
export function seenUpstreams(sets: readonly UpstreamSet[]): SeenUpstreams {
  return sets.map((set) => {
    const nowMs = set.clock.monotonicMs();
    const instances = [...set.all, ...set.leaving].map((upstream): SeenInstance => {
      const { authority, health, id, inFlight, lastResort, retired, weight } = upstream;
      const { setAside } = health;
      return {
        id,
        address: authority,
        state: retired ? 'draining' : setAside === undefined ? 'available' : 'set-aside',
        inFlight,
        weight: lastResort ? 0 : weight,
        reason: setAside?.reason,
        sinceMs: setAside === undefined ? undefined : Math.round(nowMs - setAside.atMs),
      };
    });
    return { service: set.service, instances };
  });
}

/** How the gateway sees them: all its processes together, each of which decides by itself whom to set aside. */
export function mergeUpstreams(workers: readonly SeenUpstreams[], locale: Locale): readonly UpstreamView[] {
  const services = new Map<string, Map<string, SeenInstance[]>>();
  for (const { service, instances } of workers.flat()) {
    const byId = services.get(service) ?? new Map<string, SeenInstance[]>();
    services.set(service, byId);
    for (const instance of instances) byId.set(instance.id, [...(byId.get(instance.id) ?? []), instance]);
  }
  return [...services].map(([service, byId]) => ({
    service,
    instances: [...byId.values()].map((seen) => mergeInstance(seen, workers.length, locale)),
  }));
}

function mergeInstance(seen: readonly SeenInstance[], workers: number, locale: Locale): InstanceView {
  const [first] = seen;
  if (first === undefined) throw new TypeError('An instance that nobody has seen');
  const { id, address, weight } = first;
  const inFlight = seen.reduce((sum, each) => sum + each.inFlight, 0);
  const aside = seen.filter(({ state }) => state === 'set-aside');
  const [worst] = aside;
  if (worst !== undefined) {
    const seconds = Math.round(Math.max(...aside.map(({ sinceMs = 0 }) => sinceMs)) / 1_000);
    // A worker of another release may give a reason that this one does not know.
    const reason = reasons[worst.reason ?? 'probe-failed']?.[locale] ?? String(worst.reason);
    const why = asides[locale](reason, seconds, aside.length, workers);
    return { id, address, state: 'set-aside', why, inFlight, weight };
  }
  // The newest of its workers may have left it already.
  const state = seen.every((each) => each.state === 'draining') ? 'draining' : 'available';
  return { id, address, state, inFlight, weight };
}
