import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './documents.ts';

const flags = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', '--types', 'node'];
const more = ['--lib', 'es2025,esnext.disposable', '--allowImportingTsExtensions', '--skipLibCheck', '--ignoreConfig'];

/** What the compiler finds wrong with files as a reader would have them; '' if nothing. */
export function typeErrors(files: readonly string[]): string {
  const tsc = join(repository, 'node_modules/.bin/tsc');
  const result = spawnSync(process.execPath, [tsc, ...flags, ...more, ...files], { cwd: repository, encoding: 'utf8' });
  return result.status === 0 ? '' : result.stdout || result.stderr;
}
