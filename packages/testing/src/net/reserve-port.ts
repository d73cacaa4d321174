import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long a port stays somebody's who does not listen on it: a program needs a few seconds from its start to its port. */
const reservedForMs = 60_000;

/**
 * Takes a port for a test, among all tests of this machine: between the moment in which a port is found free and the one in which a program
 * listens on it, another test would find it free as well.
 *
 * @returns whether it is nobody else's
 */
export function reservePort(port: number): boolean {
  const folder = join(tmpdir(), 'flotilla-test-ports');
  const file = join(folder, String(port));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o777 });
    writeFileSync(file, '', { flag: 'wx' });
    return true;
  } catch {
    return takeOver(file);
  }
}

/** Where nothing can be written, no test knows of another's ports: then all are free. */
function takeOver(file: string): boolean {
  const now = new Date();
  try {
    if (now.getTime() - statSync(file).mtimeMs < reservedForMs) return false;
    utimesSync(file, now, now);
    return true;
  } catch {
    return true;
  }
}
