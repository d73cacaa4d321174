/**
 * Builds the documentation site from `docs/`, or serves it while somebody writes.
 * Usage: `node scripts/site.ts build`, `node scripts/site.ts dev [options of VitePress]`, `node scripts/site.ts preview`.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMistakes } from './site/find-mistakes.ts';
import { installTools } from './tools/install-tools.ts';

const root = join(import.meta.dirname, '..');
const docs = join(root, 'docs');
const built = join(root, 'dist', 'site');
const commands = ['build', 'dev', 'preview'] as const;

const [command = 'build', ...options] = process.argv.slice(2);
process.exitCode = run();

function run(): number {
  if (!commands.some((each) => each === command)) {
    console.error(`Unknown command "${command}". Choose one of: ${commands.join(', ')}.`);
    return 64;
  }
  if (!installTools(docs, 'build the site')) return 1;
  const vitepress = join(docs, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
  const { status } = spawnSync(process.execPath, [vitepress, command, docs, ...options], {
    cwd: docs,
    stdio: 'inherit',
  });
  if (status !== 0 || command !== 'build') return status ?? 1;
  const names = globSync('**/*.{html,css}', { cwd: built });
  const files = new Map(names.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(built, name), 'utf8')]));
  const mistakes = findMistakes(
    files,
    new Set(globSync('**', { cwd: built }).map((name) => name.replaceAll('\\', '/'))),
  );
  for (const mistake of mistakes) console.error(mistake);
  console.log(`${files.size} pages and styles in dist/site, ${mistakes.length} mistakes`);
  return mistakes.length === 0 ? 0 : 1;
}
