import { readFileSync } from 'node:fs';

/** The port of Node's inspector once SIGUSR1 opened it. */
const inspectorPort = 9229;

/**
 * Whether a debugger may have paused the process, so that its silence means nothing: Node was started with an inspector, one
 * was opened later, or another process (gdb, strace) traces it. If the system does not tell, the answer is no.
 */
export async function isDebugged(
  pid: number | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  if (/--inspect\b/.test(env['NODE_OPTIONS'] ?? '')) return true;
  if (pid === undefined) return false;
  if (isTraced(pid)) return true;
  // Loaded only now: it is not needed while all watched programs answer.
  const { findPortHolder } = await import('../host/port-holder.ts');
  return (await findPortHolder(inspectorPort))?.pid === pid;
}

function isTraced(pid: number): boolean {
  try {
    return /^TracerPid:\s*[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // There is no /proc, or the process has just ended.
  }
}
