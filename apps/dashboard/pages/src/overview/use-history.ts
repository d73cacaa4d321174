import type { Overview } from '@flotilla/dashboard/wire';
import { useRef } from 'preact/hooks';

/** The last values of something, by the name of a program or an instance. */
export type Histories = ReadonlyMap<string, readonly number[]>;

/** What is kept while the page is open: enough to see a course, in one line. */
const kept = 40;

/** Remembers figures of each overview that comes: the requests of programs, and how busy instances are. */
export function useHistories(overview: Overview): { readonly rates: Histories; readonly cpu: Histories } {
  const known = useRef({ last: overview, rates: new Map<string, number[]>(), cpu: new Map<string, number[]>() });
  const { rates, cpu } = known.current;
  if (rates.size === 0 || known.current.last !== overview) {
    known.current.last = overview;
    for (const { name, traffic, instances } of overview.programs) {
      if (traffic !== undefined) keep(rates, name, traffic.requestsPerSecond);
      for (const one of instances) if (one.cpuPercent !== undefined) keep(cpu, one.name, one.cpuPercent);
    }
  }
  return { rates, cpu };
}

function keep(histories: Map<string, number[]>, name: string, value: number): void {
  const values = [...(histories.get(name) ?? []), value];
  histories.set(name, values.slice(-kept));
}
