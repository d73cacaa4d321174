import path from 'node:path';

/** Folders whose files are installed, generated or written by programs; beside them, all that begin with a dot. */
const folders = new Set(['node_modules', 'dist', 'build', 'target', 'data', 'coverage', '__pycache__', 'tmp']);
/** What programs and editors write while they run, and what no program reads. */
const files =
  /(?:~|\.(?:db|db-wal|db-shm|db-journal|sqlite3?(?:-\w+)?|log|tmp|temp|swp|swx|pid|sock|pyc|md|tsbuildinfo)|[.-](?:test|spec)\.\w+)$|^(?:4913$|#)/i;

/** Whether a folder of this name holds nothing that a program is made of. */
export function isIgnoredFolder(name: string): boolean {
  return folders.has(name) || name.startsWith('.');
}

/** Whether a change of this file says nothing about the program in whose folder it is; `file` is seen from that folder. */
export function isIgnoredFile(file: string): boolean {
  const parts = file.split(path.sep);
  return parts.some(isIgnoredFolder) || files.test(parts.at(-1) ?? '');
}
