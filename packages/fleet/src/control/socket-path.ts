import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { recordsFolder, temporaryPrefix } from './fleet-record.ts';

/** The shortest that any system allows (macOS), less the byte that ends it. Node cuts longer ones without a word. */
const longestPathBytes = 103;

/** Where the supervisor with this process id can be asked. A project that lies too deep has its socket in `temporary`. */
export function socketPath(
  project: string,
  pid: number,
  { platform, temporary }: { readonly platform: NodeJS.Platform; readonly temporary: string },
): string {
  if (platform === 'win32') {
    const hash = createHash('sha256').update(project).digest('hex').slice(0, 16);
    return `\\\\.\\pipe\\flotilla-${hash}-${pid}`;
  }
  const inside = path.join(recordsFolder(project), `${pid}.sock`);
  if (Buffer.byteLength(inside) <= longestPathBytes) return inside;
  // A folder that only this user can enter: in the temporary folder anybody may put a file of any name.
  return path.join(mkdtempSync(path.join(temporary, temporaryPrefix)), 'control.sock');
}
