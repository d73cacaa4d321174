import { readFileSync } from 'node:fs';

/** Where Node's inspector listens once a process was asked for it with SIGUSR1. */
const inspectorPort = 9229;

/**
 * Whether somebody may have stopped the process in a debugger, in which case its silence means nothing: Node was started
 * with an inspector, one was opened in it, or another process (gdb, strace) traces it. What the system does not tell
 * counts as no.
 */
export async function isDebugged(
  pid: number | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  if (/--inspect\b/.test(env['NODE_OPTIONS'] ?? '')) return true;
  if (pid === undefined) return false;
  if (isTraced(pid)) return true;
  // Loaded only now: who watches programs that all answer does not need it.
  const { findPortHolder } = await import('../host/port-holder.ts');
  return (await findPortHolder(inspectorPort))?.pid === pid;
}

function isTraced(pid: number): boolean {
  try {
    return /^TracerPid:\s*[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // No /proc here, or the process has just ended.
  }
}
