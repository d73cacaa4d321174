import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpuTimeMs } from './cpu-time.ts';

/** What the processes of a group have used up to now, and hold. */
export interface GroupUsage {
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** What Linux counts processor time in, for every program: a hundredth of a second. */
const tickMs = 10;
const psLimitMs = 2_000;

/**
 * What process groups use, by the id of their leader: a program of a fleet leads a group, and what it starts is in it. Empty where
 * the system does not tell.
 */
export async function groupUsages(leaders: ReadonlySet<number>): Promise<Map<number, GroupUsage>> {
  try {
    return fromProc(leaders);
  } catch {
    return fromPs(leaders);
  }
}

function add(usages: Map<number, GroupUsage>, leader: number, { cpuMs, memoryBytes }: GroupUsage): void {
  const before = usages.get(leader) ?? { cpuMs: 0, memoryBytes: 0 };
  usages.set(leader, { cpuMs: before.cpuMs + cpuMs, memoryBytes: before.memoryBytes + memoryBytes });
}

function fromProc(leaders: ReadonlySet<number>): Map<number, GroupUsage> {
  const usages = new Map<number, GroupUsage>();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = readOrNothing(`/proc/${pid}/stat`);
    // The name stands in parentheses and may hold any character; the fields behind it are numbered from 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (number: number): number => Number(fields[number - 3]);
    const leader = field(5);
    if (!leaders.has(leader)) continue;
    add(usages, leader, { cpuMs: (field(14) + field(15)) * tickMs, memoryBytes: residentBytes(pid) });
  }
  return usages;
}

/** Empty: the process has ended since. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** From its status, which tells it in kilobytes: elsewhere it is counted in pages, whose size no file says. */
function residentBytes(pid: string): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readOrNothing(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

function fromPs(leaders: ReadonlySet<number>): Promise<Map<number, GroupUsage>> {
  return new Promise((resolve) => {
    const options = { timeout: psLimitMs, killSignal: 'SIGKILL' } as const;
    execFile('ps', ['-A', '-o', 'pgid=,rss=,time='], options, (error, stdout) => {
      const usages = new Map<number, GroupUsage>();
      if (error === null) {
        for (const line of stdout.split('\n')) {
          const [leader = '', kibibytes = '', time = ''] = line.trim().split(/\s+/);
          if (!leaders.has(Number(leader))) continue;
          add(usages, Number(leader), { cpuMs: cpuTimeMs(time), memoryBytes: Number(kibibytes) * 1024 });
        }
      }
      resolve(usages);
    });
  });
}
