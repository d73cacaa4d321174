import { globSync, readFileSync } from 'node:fs';

/** The first process below `ancestor` whose command line has `pattern`. Linux only: it looks into /proc. */
export function findProcess(ancestor: number, pattern: RegExp): number {
  const parents = new Map<number, number>();
  for (const file of globSync('/proc/[0-9]*/stat')) {
    // The name in parentheses may have spaces and parentheses of its own; the parent is the second field after it.
    const match = /^(\d+) .*\) \S (\d+) /s.exec(read(file));
    if (match !== null) parents.set(Number(match[1]), Number(match[2]));
  }
  const descends = (pid: number): boolean => {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) if (at === ancestor) return true;
    return false;
  };
  const found = [...parents.keys()].find((pid) => descends(pid) && pattern.test(read(`/proc/${pid}/cmdline`)));
  if (found === undefined) throw new Error(`No process below ${ancestor} runs ${String(pattern)}`);
  return found;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // It has ended since.
  }
}
