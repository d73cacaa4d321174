/**
 * Makes a release, all but publishing it: `npm run release -- 1.2.3`. RELEASING.md says what it does and what comes after.
 * With `--dry-run` it only says what it would do.
 */
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { makeRelease } from './release/make-release.ts';
import { type PackedPackage, packPackages } from './release/pack-packages.ts';
import { planRelease, type ReleasePlan } from './release/plan-release.ts';
import { inDependencyOrder, publicPackages } from './release/public-packages.ts';

const root = join(import.meta.dirname, '..');
const usage = 'usage: npm run release -- <version> [--dry-run]\nFor example: npm run release -- 1.2.3';

process.exitCode = main(process.argv.slice(2));

function main(words: readonly string[]): number {
  const command = readCommand(words);
  if (command === undefined) {
    console.error(usage);
    return 64;
  }
  const planned = planRelease(root, command.version, new Date().toISOString().slice(0, 10));
  if (planned.kind === 'refused') {
    console.error(`No release was made:\n${planned.reasons.map((reason) => `  - ${reason}`).join('\n')}`);
    return 1;
  }
  return command.dryRun ? describe(planned.plan) : release(planned.plan);
}

function readCommand(words: readonly string[]): { readonly version: string; readonly dryRun: boolean } | undefined {
  try {
    const options = { 'dry-run': { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    const [version, ...more] = positionals;
    if (version === undefined || more.length > 0) return undefined;
    return { version, dryRun: values['dry-run'] === true };
  } catch (error) {
    // What it says after that is for command lines that take values beginning with a dash.
    console.error(error instanceof Error ? error.message.replace(/\. .*/s, '.') : error);
    return undefined;
  }
}

function describe({ version, tag, changes, fragmentFiles }: ReleasePlan): number {
  const names = inDependencyOrder(publicPackages(root)).map(({ manifest }) => manifest.name);
  console.log(`This would be added to CHANGELOG.md, and ${fragmentFiles.length} files of changelog.d removed:\n`);
  console.log(changes.section);
  console.log(
    `\nEvery package.json and package-lock.json would say ${version.text}. All gates would run. Then there would be`,
  );
  console.log(`a commit, the tag ${tag}, and in dist/packages: ${names.join(', ')}.\nNothing was changed.`);
  return 0;
}

function release(plan: ReleasePlan): number {
  // Ctrl-C ends what runs at the moment; what has been changed is then put back, as after any failure.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  let packed: readonly PackedPackage[] = [];
  try {
    makeRelease(root, plan, {
      say: (text) => console.log(text),
      check() {
        const gates = spawnSync(process.execPath, ['scripts/check.ts'], { cwd: root, stdio: 'inherit' });
        if (gates.status === null) throw new Error('The gates were interrupted.');
        if (gates.status !== 0) throw new Error('A gate failed, as shown above. Fix that on main and try again.');
      },
      pack() {
        packed = packPackages(root, join(root, 'dist/packages'));
      },
    });
  } catch (error) {
    console.error(
      `\nNo release was made, and every file is as it was. ${error instanceof Error ? error.message : String(error)}`,
    );
    return 1;
  }
  const channel = plan.version.trial === undefined ? '' : ' --tag next';
  console.log(
    `\nFlotilla ${plan.version.text} is committed and tagged ${plan.tag}. Nothing has been published. To publish it:\n`,
  );
  console.log(`  git push origin main ${plan.tag}`);
  for (const { tarball } of inDependencyOrder(packed))
    console.log(`  npm publish ./${relative(root, tarball)}${channel}`);
  console.log(`\nTo undo it before that: git tag --delete ${plan.tag} && git reset --hard HEAD~1`);
  return 0;
}
