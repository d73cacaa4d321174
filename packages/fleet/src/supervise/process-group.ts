import type { ChildProcess } from 'node:child_process';

/** Whether this system has process groups, so that what a program starts can be reached with it. */
export const hasGroups: boolean = process.platform !== 'win32';

/** Sends a signal to a process and all that it has started and that has not left its group; false: nothing is left of it. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    if (!hasGroups || child.pid === undefined) return child.kill(signal);
    // No other call reaches a group.
    // oxlint-disable-next-line no-restricted-properties
    return process.kill(-child.pid, signal);
  } catch {
    // ESRCH: nothing is left, which is what was wanted. EPERM: what is left is not ours any more.
    return false;
  }
}
