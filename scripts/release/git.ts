import { spawnSync } from 'node:child_process';

/** Runs git in a repository. Throws with git's message if it fails. */
export function git(root: string, ...args: readonly string[]): string {
  const result = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error(`git ${args.join(' ')} failed: ${result.error?.message ?? result.stderr.trim()}`);
  // Not its beginning: lines of `status --porcelain` may begin with a space.
  return result.stdout.trimEnd();
}
