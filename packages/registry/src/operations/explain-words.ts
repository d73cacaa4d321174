import type { Locale, RemovalReason, ServiceInstance } from '@flotilla/contracts';
import type { Departure } from '../trail/departures.ts';
import type { TrailNote } from '../trail/trail-note.ts';
import type { CheckView } from './registry-view.ts';

type SetBy = { readonly by: TrailNote['by']; readonly at: string } | undefined;

/** Whether an instance gets new work, and why. */
interface Reasons {
  maintenance(who: string): string;
  critical(why: string): string;
  draining(who: string): string;
  readonly noPort: string;
  silent(since: string): string;
  readonly noWeight: string;
  warning(why: string): string;
  readonly well: string;
}

interface Words extends Reasons {
  /** What happened to an instance that has gone. */
  readonly gone: { readonly [K in RemovalReason]: string };
  removed(id: string, at: string, by: string | undefined, why: string): string;
  lastHeardOf(at: string): string;
  setBy(name: string, at: string): string;
  readonly reported: string;
  check(name: string, status: string, output: string): string;
  readonly between: string;
  /** How many of a service get work. */
  summary(ready: number, count: number): string;
}

const words: Readonly<Record<Locale, Words>> = {
  en: {
    gone: {
      deregistered: 'it was deregistered',
      expired: 'its lease ran out',
      replaced: 'another one took its id, or its address and port',
      critical: 'its checks were critical for too long',
    },
    removed: (id, at, by, why) => `${id} was removed at ${at}${by === undefined ? '' : ` by ${by}`}: ${why}`,
    lastHeardOf: (at) => `, last heard of at ${at}`,
    setBy: (name, at) => `, set by ${name} at ${at}`,
    reported: 'its own process reported it',
    check: (name, status, output) => `check ${name} is ${status}${output === '' ? '' : ` (${output})`}`,
    between: '; ',
    summary: (ready, count) =>
      count === 0 ? 'No instance is registered' : `${ready} of ${count} instances get new work`,
    maintenance: (who) => `It gets no work: an operator has put it into maintenance${who}`,
    critical: (why) => `It gets no work: ${why}`,
    draining: (who) => `It gets no new work, and finishes what it has begun: it is draining${who}`,
    noPort: 'It gets no work: it has no port',
    silent: (since) =>
      `It gets work, although it has been silent since ${since}: too many instances fell silent at once (see guard)`,
    noWeight: 'It gets work only when no other instance is left: its weight is 0',
    warning: (why) => `It gets work, with a warning: ${why}`,
    well: 'It gets work',
  },
  'zh-CN': {
    gone: {
      deregistered: '已被注销',
      expired: '它的租约到期',
      replaced: '另一个实例占用了它的 id，或它的地址和端口',
      critical: '它的检查处于 critical 状态的时间过长',
    },
    removed: (id, at, by, why) => `${id} 于 ${at} ${by === undefined ? '' : `由 ${by} `}移除：${why}`,
    lastHeardOf: (at) => `，最后一次收到它的消息是在 ${at}`,
    setBy: (name, at) => `，由 ${name} 于 ${at} 设置`,
    reported: '由它自己的进程报告',
    check: (name, status, output) => `检查 ${name} 为 ${status}${output === '' ? '' : `（${output}）`}`,
    between: '；',
    summary: (ready, count) => (count === 0 ? '没有已注册的实例' : `${count} 个实例中有 ${ready} 个接收新请求`),
    maintenance: (who) => `它不接收请求：运维人员已将其置于维护状态${who}`,
    critical: (why) => `它不接收请求：${why}`,
    draining: (who) => `它不接收新请求，只完成已开始的请求：它正在排空${who}`,
    noPort: '它不接收请求：它没有端口',
    silent: (since) => `它仍接收请求，尽管自 ${since} 起就没有消息：同时失联的实例过多（见 guard）`,
    noWeight: '只有在没有其他实例时它才接收请求：它的权重为 0',
    warning: (why) => `它接收请求，但有警告：${why}`,
    well: '它接收请求',
  },
};

/** Why an instance has gone, when, and who removed it. */
export function whyGone({ id, atMs, reason, by, last_seen: lastSeen }: Departure, locale: Locale): string {
  const { gone, lastHeardOf, removed } = words[locale];
  const who = by.via === 'registry' ? undefined : nameOf(by);
  const seen = reason === 'expired' ? lastHeardOf(lastSeen) : '';
  return removed(id, new Date(atMs).toISOString(), who, `${gone[reason]}${seen}`);
}

/** Whether an instance gets new work, and why, in a sentence. */
export function whyNotReady(
  shown: ServiceInstance,
  checks: readonly CheckView[],
  setBy: SetBy,
  locale: Locale,
): string {
  const said = words[locale];
  const { status, draining, port, weight, suspect_since: suspect } = shown;
  const who = setBy === undefined ? '' : said.setBy(nameOf(setBy.by), setBy.at);
  if (status === 'maintenance') return said.maintenance(who);
  if (status === 'critical') return said.critical(failing(checks, said));
  if (draining) return said.draining(who);
  if (port === 0) return said.noPort;
  if (suspect !== undefined) return said.silent(shown.last_seen);
  if (weight === 0) return said.noWeight;
  return status === 'warning' ? said.warning(failing(checks, said)) : said.well;
}

/** How many of a service's instances get new work. */
export function summaryOf(instances: readonly { readonly ready: boolean }[], locale: Locale): string {
  return words[locale].summary(instances.filter(({ ready }) => ready).length, instances.length);
}

function failing(checks: readonly CheckView[], { between, check: wordsFor, reported }: Words): string {
  const bad = checks.filter(({ status }) => status !== 'passing');
  if (bad.length === 0) return reported;
  return bad
    .map(({ check, status, output }) => {
      const [line = ''] = output.trim().split('\n');
      return wordsFor(check, status, line.slice(0, 200));
    })
    .join(between);
}

function nameOf(by: TrailNote['by']): string {
  return by.accessor ?? by.client ?? by.via;
}
