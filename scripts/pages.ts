/**
 * Builds the dashboard's pages from `apps/dashboard/pages` into `apps/dashboard/assets`, which the program serves: whoever starts a
 * fleet builds nothing. Usage: `node scripts/pages.ts build`, `check` (whether what is built is what the sources say), `dev` (serves
 * the sources with fixtures, or with the dashboard that `DASHBOARD_API` names), `install` (only what the other gates need).
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differingFiles } from './pages/differing-files.ts';
import { installTools } from './tools/install-tools.ts';

const root = join(import.meta.dirname, '..');
const pages = join(root, 'apps', 'dashboard', 'pages');
const assets = join(root, 'apps', 'dashboard', 'assets');
const vite = join(pages, 'node_modules', 'vite', 'bin', 'vite.js');

const [command = 'build', ...options] = process.argv.slice(2);
process.exitCode = run();

function run(): number {
  if (!['build', 'check', 'dev', 'install'].includes(command)) {
    console.error(`Unknown command "${command}". Choose one of: build, check, dev, install.`);
    return 64;
  }
  if (!installTools(pages, "build the dashboard's pages")) return 1;
  if (command === 'build') return runVite('build');
  if (command === 'check') return check();
  if (command === 'dev') return develop();
  return 0;
}

function check(): number {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-pages-'));
  try {
    const status = runVite('build', '--outDir', folder, '--logLevel', 'warn');
    if (status !== 0) return status;
    const differing = differingFiles(assets, folder);
    for (const file of differing) console.error(`apps/dashboard/assets/${file} is not what the sources make`);
    if (differing.length > 0) console.error('Run "npm run pages:build" and commit what it writes.');
    return differing.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function develop(): number {
  if (process.env['DASHBOARD_API'] === undefined) {
    const fixtures = spawn(process.execPath, [join(pages, 'fixtures', 'main.ts')], { stdio: 'inherit' });
    process.on('exit', () => fixtures.kill());
  }
  const server = spawn(process.execPath, [vite, ...options], { cwd: pages, stdio: 'inherit' });
  server.on('exit', (status) => process.exit(status ?? 1));
  return 0;
}

function runVite(...args: readonly string[]): number {
  return spawnSync(process.execPath, [vite, ...args, ...options], { cwd: pages, stdio: 'inherit' }).status ?? 1;
}
