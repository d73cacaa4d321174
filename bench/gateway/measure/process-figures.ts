import { readdirSync, readFileSync } from 'node:fs';

/** CPU time that a proxy has used since it began, all its processes and threads together. */
export interface CpuTime {
  readonly totalNs: number;
  /** Clock ticks (1/100 s) in user and in kernel mode: too coarse for a total, good enough for the share of each. */
  readonly userTicks: number;
  readonly systemTicks: number;
}

export interface Memory {
  /** Resident set: what `ps` says. Pages shared by several processes of the proxy count once for each. */
  readonly rssBytes: number;
  /** Proportional set: shared pages divided by those who share them, other programs on the machine included. */
  readonly pssBytes: number;
}

/** Ticks in user and kernel mode out of `/proc/<pid>/stat`. The program's name may hold spaces and parentheses. */
export function parseStat(text: string): { userTicks: number; systemTicks: number } {
  const afterName = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { userTicks: Number(afterName[11]), systemTicks: Number(afterName[12]) };
}

/** Nanoseconds on a core out of `/proc/<pid>/task/<tid>/schedstat`. */
export function parseSchedstat(text: string): number {
  return Number(text.slice(0, text.indexOf(' ')));
}

/** A field like `Pss:   123 kB` of `/proc/<pid>/smaps_rollup`, in bytes; 0 when it is not there. */
export function parseKilobytes(text: string, field: string): number {
  const value = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return Number(value ?? 0) * 1024;
}

/** This process and all it has started, and those in turn. Processes that end meanwhile are left out. */
export function processTree(pid: number): number[] {
  const children = read(() =>
    readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    ),
  );
  return children === undefined ? [] : [pid, ...children.flatMap(processTree)];
}

/** What the tree below `pid` has used so far. */
export function cpuTime(pid: number): CpuTime {
  let [totalNs, userTicks, systemTicks] = [0, 0, 0];
  for (const each of processTree(pid)) {
    const stat = read(() => parseStat(readFileSync(`/proc/${each}/stat`, 'utf8')));
    userTicks += stat?.userTicks ?? 0;
    systemTicks += stat?.systemTicks ?? 0;
    for (const thread of read(() => readdirSync(`/proc/${each}/task`)) ?? []) {
      const path = `/proc/${each}/task/${thread}/schedstat`;
      totalNs += read(() => parseSchedstat(readFileSync(path, 'utf8'))) ?? 0;
    }
  }
  return { totalNs, userTicks, systemTicks };
}

/** What was used between two readings. */
export function cpuBetween(before: CpuTime, after: CpuTime): CpuTime {
  return {
    totalNs: after.totalNs - before.totalNs,
    userTicks: after.userTicks - before.userTicks,
    systemTicks: after.systemTicks - before.systemTicks,
  };
}

/** What the tree below `pid` occupies at this moment. */
export function memory(pid: number): Memory {
  let [rssBytes, pssBytes] = [0, 0];
  for (const each of processTree(pid)) {
    const rollup = read(() => readFileSync(`/proc/${each}/smaps_rollup`, 'utf8')) ?? '';
    rssBytes += parseKilobytes(rollup, 'Rss');
    pssBytes += parseKilobytes(rollup, 'Pss');
  }
  return { rssBytes, pssBytes };
}

/** Processes and threads may end while one looks at them. */
function read<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}
