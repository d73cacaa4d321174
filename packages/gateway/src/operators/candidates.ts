import type { ProxyRoute } from '../config/proxy-route.ts';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';

/** The instances that could get a request, by id, and who they are in a sentence. */
export interface Candidacy {
  readonly ids: readonly string[];
  readonly step: string;
}

/** Who could get a request of this route now. */
export function candidatesOf({ set }: UpstreamPool, { balance, service }: ProxyRoute): Candidacy {
  if (set.all.length === 0) {
    const why = set.known ? 'has no instances' : 'is not yet known: the registry has not reported its instances';
    return { ids: [], step: `${service} ${why}` };
  }
  const well = set.all.filter((upstream) => upstream.isAvailable());
  if (well.length === 0) {
    const step = `all instances of ${service} are set aside; the one with the fewest failures is tried all the same`;
    return { ids: set.all.map(({ id }) => id), step };
  }
  const preferred = well.filter(({ lastResort }) => !lastResort);
  const from = preferred.length > 0 ? preferred : well;
  const aside = set.all.length - well.length;
  const others = [
    ...(well.length > from.length ? [`${well.length - from.length} held back by weight 0`] : []),
    ...(aside > 0 ? [`${aside} set aside`] : []),
  ];
  const which = from.length === 1 ? 'the only available instance' : `one of ${from.length} available instances`;
  const rest = others.length === 0 ? '' : ` (${others.join(', ')})`;
  return { ids: from.map(({ id }) => id), step: `${balance.kind} picks ${which}${rest}` };
}
