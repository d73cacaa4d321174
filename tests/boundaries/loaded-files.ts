import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { repository } from '../docs/documents.ts';

/** Says on stderr which file each module comes from. */
const tellLoaded = `import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';
registerHooks({ load(url, context, next) { writeSync(2, url + '\\n'); return next(url, context); } });`;

/** The files, by their URLs, that Node loads for a program started at the root of the repository. */
export async function loadedFiles(program: readonly string[]): Promise<readonly string[]> {
  const hook = `data:text/javascript,${encodeURIComponent(tellLoaded)}`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', hook, ...program], { cwd: repository });
  return stderr.split('\n').filter((url) => url.startsWith('file:'));
}
