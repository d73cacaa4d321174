import { readFileSync } from 'node:fs';

/** How many files this process may have open, sockets included. Undefined where the system sets no number or tells none. */
export function openFileLimit(limitsFile = '/proc/self/limits'): number | undefined {
  const text = linuxLimits(limitsFile);
  // Elsewhere Node's own report tells; making one takes longer.
  const soft = text === undefined ? softLimitOfReport() : /^Max open files\s+(\S+)/m.exec(text)?.[1];
  const limit = Number(soft);
  return Number.isSafeInteger(limit) && limit > 0 ? limit : undefined;
}

function linuxLimits(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function softLimitOfReport(): unknown {
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('userLimits' in report)) return undefined;
  const { userLimits } = report;
  if (typeof userLimits !== 'object' || userLimits === null || !('open_files' in userLimits)) return undefined;
  const { open_files: openFiles } = userLimits;
  return typeof openFiles === 'object' && openFiles !== null && 'soft' in openFiles ? openFiles.soft : undefined;
}
