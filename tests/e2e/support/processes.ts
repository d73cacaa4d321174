import { execFileSync } from 'node:child_process';

/** A process of this machine. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process there is now; zombies, which only wait to be noticed, are left out. */
function allProcesses(): readonly SeenProcess[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, state, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || state?.startsWith('Z') === true
      ? []
      : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** The process's children, their children, and so on. */
export function descendantsOf(pid: number): readonly SeenProcess[] {
  const everything = allProcesses();
  const found: SeenProcess[] = [];
  const visit = (parent: number): void => {
    for (const child of everything.filter((each) => each.parent === parent)) {
      found.push(child);
      visit(child.pid);
    }
  };
  visit(pid);
  return found;
}

/** Which of these processes still run. */
export function stillRunning(pids: readonly number[]): readonly SeenProcess[] {
  return allProcesses().filter((each) => pids.includes(each.pid));
}
