import { readFileSync } from 'node:fs';

/** What disturbed a run, in cores: 0.1 is a tenth of one core, on average over the whole time. */
export interface Disturbance {
  /** Used by programs that are not part of the run, and by the kernel for nobody in particular. */
  readonly othersCores: number;
  /** Wanted by this virtual machine and given to another one. */
  readonly stolenCores: number;
}

/** Clock ticks since the system's or the program's start. */
export interface Ticks {
  readonly busy: number;
  readonly stolen: number;
  /** Of this process and of all those it has started that have ended. */
  readonly own: number;
}

const ticksPerSecond = 100;

/** Out of `/proc/stat` and `/proc/self/stat`. */
export function parseTicks(system: string, self: string): Ticks {
  const [user = 0, nice = 0, kernel = 0, , , irq = 0, softirq = 0, stolen = 0] = (
    /^cpu +(.*)$/m.exec(system)?.[1] ?? ''
  )
    .split(' ')
    .map(Number);
  const afterName = self.slice(self.lastIndexOf(')') + 2).split(' ');
  const own = afterName.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  return { busy: user + nice + kernel + irq + softirq, stolen, own };
}

/** Begins to watch. The returned function tells what there was until then; all that was started must have ended. */
export function watchDisturbance(): () => Disturbance {
  const read = (): Ticks => parseTicks(readFileSync('/proc/stat', 'utf8'), readFileSync('/proc/self/stat', 'utf8'));
  const before = read();
  const startMs = performance.now();
  return () => {
    const after = read();
    const ticks = ((performance.now() - startMs) / 1000) * ticksPerSecond;
    const others = after.busy - before.busy - (after.own - before.own);
    return { othersCores: Math.max(others, 0) / ticks, stolenCores: (after.stolen - before.stolen) / ticks };
  };
}
