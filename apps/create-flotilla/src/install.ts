import { spawn } from 'node:child_process';

/** How npm is started: by the one that started us, where there is one. */
export interface NpmCommand {
  readonly command: string;
  readonly arguments: readonly string[];
}

/**
 * @param executable `npm_execpath`, which npm sets for what it runs
 * @param node the Node that runs us
 * @param platform `process.platform`
 */
export function npmCommand(executable: string | undefined, node: string, platform: string): NpmCommand {
  if (executable !== undefined && /npm[^/\\]*\.c?js$/.test(executable))
    return { command: node, arguments: [executable] };
  return { command: platform === 'win32' ? 'npm.cmd' : 'npm', arguments: [] };
}

/** Installs a project's dependencies, with npm's output shown. Returns whether that worked. */
export function install(folder: string, npm: NpmCommand): Promise<boolean> {
  const words = [...npm.arguments, 'install', '--no-audit', '--no-fund', '--loglevel=error'];
  return new Promise((resolve) => {
    const child = spawn(npm.command, words, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}
