import { spawn } from 'node:child_process';

/** Settings of the npm that started us that must not reach the npm that we start: they restrict it to one workspace. */
const dropped = /^npm_config_(workspaces?|include_workspace_root|prefix|global|omit|include|local_prefix|dry_run)$/i;

/** Waits between attempts are short, so that a missing network is reported within half a minute. */
const quietly = [
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--fetch-retries=3',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=10000',
];

/**
 * Runs npm with `args` in `cwd` and resolves with its exit code. It uses the npm that started us, otherwise the one on
 * PATH. No install scripts run: no dependency needs one, and newer npm versions block them anyway.
 */
export function runNpm({ args, cwd, env, onSpawn }) {
  const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !dropped.test(name)));
  const npmCli = env.npm_execpath ?? '';
  const viaNode = /npm-cli\.(c|m)?js$/.test(npmCli);
  const [command, first] = viaNode ? [process.execPath, [npmCli]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args, ...quietly], {
      cwd,
      env: clean,
      // npm's output goes to stderr with ours: stdout belongs to the command that we run.
      stdio: ['ignore', 2, 2],
      // On Windows npm is a .cmd file, which only a shell can start.
      shell: !viaNode && process.platform === 'win32',
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
    if (child.pid !== undefined) onSpawn?.(child.pid);
  });
}

/** What to do if npm cannot install. */
export const networkAdvice = `See npm's own message above. If it is about the network (ENOTFOUND, EAI_AGAIN, ETIMEDOUT, ECONNREFUSED):
  - check the connection, and "npm config get registry" and "npm config get proxy";
  - then repeat the command: it continues where it failed, and never uses a partial installation.`;
