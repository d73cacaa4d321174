import { readdir, readFile, readlink } from 'node:fs/promises';

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  /** Its command line, cut to 100 characters. */
  readonly command: string;
}

/**
 * The process that listens on `port`, if known: on Linux, /proc tells it for processes of the same user. Never rejects.
 *
 * @param root the path of /proc; tests pass their own
 */
export async function findPortHolder(port: number, root = '/proc'): Promise<PortHolder | undefined> {
  try {
    const inodes = new Set<string>();
    for (const table of ['tcp', 'tcp6'])
      for (const inode of await listening(`${root}/net/${table}`, port)) inodes.add(inode);
    if (inodes.size === 0) return undefined;
    for (const pid of await readdir(root)) {
      if (!/^\d+$/.test(pid) || !(await holdsAny(`${root}/${pid}/fd`, inodes))) continue;
      const command = (await readFile(`${root}/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
      return { pid: Number(pid), command: command.slice(0, 100) };
    }
  } catch {
    // Not Linux, or /proc is not readable: the process is unknown.
  }
  return undefined;
}

/** The inodes of the sockets that listen (state 0A) on `port`. */
async function listening(table: string, port: number): Promise<string[]> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const text = await readFile(table, 'utf8').catch(() => '');
  const inodes: string[] = [];
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    const [, local, , state] = columns;
    const inode = columns[9];
    if (state === '0A' && local?.endsWith(suffix) === true && inode !== undefined) inodes.push(inode);
  }
  return inodes;
}

async function holdsAny(folder: string, inodes: ReadonlySet<string>): Promise<boolean> {
  // Processes of other users cannot be inspected.
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const target = await readlink(`${folder}/${name}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}
