// The entry point of the npm scripts: installs the locked dependencies and a Node that can run TypeScript if they are
// missing, then runs the command. Plain JavaScript for Node 18 or newer, without dependencies, because it runs before
// either of them exists.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BootstrapFailure } from './bootstrap/bootstrap-failure.mjs';
import { ensureDependencies } from './bootstrap/install-dependencies.mjs';
import { withInstallLock } from './bootstrap/install-lock.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { runChild } from './bootstrap/run-child.mjs';

const usage = `usage: node scripts/bootstrap.mjs <command> [arguments]
  start [arguments]     the whole fleet: "flotilla up" with these arguments
  flotilla [arguments]  any command of flotilla, in the folder where you call it
  run <app> [arguments] a single program of apps/
  test [files]          all tests, or these files
  exec <file> [arguments]  a script of the project, with the project's Node`;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const stopWithParent = ['--import', new URL('./bootstrap/stop-with-parent.mjs', import.meta.url).href];

/**
 * Options for Node when it runs our programs, the same as the supervisor starts them with (packages/fleet/src/supervise): the cache of
 * compiled code is kept for each set of options.
 */
const programOptions = ['--max-semi-space-size=4', '--liftoff-only', '--no-sparkplug'];

/** Node's arguments for a command; undefined if the command is unknown. */
function nodeArguments([command, ...rest]) {
  switch (command) {
    case 'start':
      return [...programOptions, 'apps/cli/src/main.ts', 'up', ...rest];
    case 'flotilla':
      return [...programOptions, path.join(root, 'apps/cli/src/main.ts'), ...rest];
    case 'run':
      return rest.length > 0 ? [...programOptions, `apps/${rest[0]}/src/main.ts`, ...rest.slice(1)] : undefined;
    case 'test': {
      const options = rest.filter((argument) => argument.startsWith('--'));
      const files = rest.filter((argument) => !argument.startsWith('--'));
      return [...stopWithParent, '--test', sideBySide(), ...options, ...(files.length > 0 ? files : testFiles())];
    }
    case 'exec':
      return rest.length > 0 ? [...stopWithParent, ...rest] : undefined;
    default:
      return undefined;
  }
}

/** Most test files wait more than they compute: two at a time take little more than half as long, on two cores as well. */
function sideBySide() {
  return `--test-concurrency=${Math.max(2, cpus().length - 1)}`;
}

/**
 * Every test of the project. Found by this function because a glob would include node_modules, fixtures, and folders whose
 * names begin with `_`, which are written into other projects.
 */
function testFiles() {
  const skipped = new Set(['node_modules', 'fixtures', 'dist']);
  const found = [];
  const visit = (folder) => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith('_')) visit(name);
      else if (entry.isFile() && /\.test\.(ts|mjs)$/.test(entry.name)) found.push(name);
    }
  };
  for (const folder of ['packages', 'apps', 'bench', 'examples', 'scripts', 'tests']) visit(folder);
  return found;
}

/**
 * Fills an empty compile cache, so that the first start needs no more than later ones. Files that change later are compiled
 * and cached when they run. A failure does not prevent the start.
 */
function compilePrograms(node, env, say) {
  if (env.NODE_DISABLE_COMPILE_CACHE || existsSync(env.NODE_COMPILE_CACHE)) return;
  say('compiling the programs (first start only)...');
  spawnSync(node, [...programOptions, 'scripts/bootstrap/compile-programs.mjs'], { cwd: root, env, stdio: 'ignore' });
}

async function main(commandLine) {
  const nodeCommand = nodeArguments(commandLine);
  if (nodeCommand === undefined) {
    process.stderr.write(`${usage}\n`);
    return 64;
  }
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const say = (message) => process.stderr.write(`flotilla: ${message}\n`);
  const setup = { root, manifest, say, env: process.env, withLock: (run) => withInstallLock({ root, say }, run) };
  const node = await ensureNode(setup);
  await ensureDependencies(setup);
  const env = {
    // Types are stripped and code is compiled once for all starts, which saves time and memory in every process.
    NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'node-compile'),
    ...process.env,
    // So that tools that the command starts find the same Node.
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
  };
  compilePrograms(node, env, say);
  const stopsByItself = ['start', 'flotilla', 'run'].includes(commandLine[0]);
  const cwd = commandLine[0] === 'flotilla' ? process.cwd() : root;
  return runChild({ command: node, arguments: nodeCommand, cwd, env, stopsByItself });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BootstrapFailure)) throw error;
  process.stderr.write(`flotilla: ${error.message}\n`);
  process.exitCode = 1;
}
