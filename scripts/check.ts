/**
 * Runs the gates of continuous integration, all or the named ones, and says which failed.
 * Usage: `node scripts/check.ts [gate …]`, or `--except gate …` for all others.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

/** The pages' sources name what the pages' own lock file has. */
const pagesTools = ['scripts/pages.ts', 'install'];

/** Each gate's commands, in the order in which they find mistakes fastest; each is run with this Node. */
const gates: Readonly<Record<string, readonly (readonly string[])[]>> = {
  format: [[bin('biome'), 'check', '.']],
  structure: [['scripts/check-structure.ts']],
  generated: [['scripts/generate.ts', '--check']],
  lint: [pagesTools, [bin('oxlint'), '--type-aware', '--deny-warnings', '--report-unused-disable-directives', '.']],
  // With every app: one that was added need not be listed in tsconfig.json.
  types: [pagesTools, [bin('tsc'), '-b', '.', ...globSync('apps/{*,*/pages}/tsconfig.json', { cwd: root })]],
  unused: [
    pagesTools,
    [bin('knip'), '--no-progress', '--no-config-hints'],
    [bin('knip'), '--no-progress', '--no-config-hints', '--production', '--strict'],
  ],
  pages: [['scripts/pages.ts', 'check']],
  site: [['scripts/site.ts', 'build']],
  test: [['scripts/bootstrap.mjs', 'test']],
};

const [first, ...others] = process.argv.slice(2);
const chosen =
  first === undefined || first === '--except'
    ? Object.keys(gates).filter((name) => !others.includes(name))
    : [first, ...others];
const failed = chosen.filter((name) => !passes(name));
console.log(failed.length === 0 ? `passed: ${chosen.join(', ')}` : `failed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);

function passes(name: string): boolean {
  const commands = gates[name];
  if (commands === undefined) {
    console.error(`Unknown gate "${name}". Choose one of: ${Object.keys(gates).join(', ')}.`);
    return false;
  }
  console.log(`— ${name}`);
  // All commands of a gate run, so that one run shows all there is to correct.
  return commands
    .map((command) => spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' }).status)
    .every((status) => status === 0);
}
