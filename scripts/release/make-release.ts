import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git.ts';
import type { ReleasePlan } from './plan-release.ts';
import { setVersion } from './set-version.ts';

/** The steps of a release that take long. Each throws, and says why, when it fails. */
export interface ReleaseSteps {
  /** Runs all gates, tests of the packed packages among them. */
  check(): void;
  /** Packs the published packages. */
  pack(): void;
  say(text: string): void;
}

/**
 * Makes a release: version, changelog, gates, packages, commit and tag. Publishes nothing. Whatever fails leaves the
 * repository as it was.
 */
export function makeRelease(
  root: string,
  { version, tag, changes, fragmentFiles }: ReleasePlan,
  steps: ReleaseSteps,
): void {
  const before = git(root, 'rev-parse', 'HEAD');
  try {
    steps.say(`Setting the version to ${version.text} …`);
    setVersion(root, version.text);
    writeFileSync(join(root, 'CHANGELOG.md'), changes.changelog);
    for (const file of fragmentFiles) rmSync(join(root, file));
    steps.say('Running all gates …');
    steps.check();
    steps.say('Packing …');
    steps.pack();
    git(root, 'add', '--all');
    git(root, 'commit', '--quiet', '--message', `Release ${version.text}`);
    git(root, 'tag', '--annotate', tag, '--message', `Flotilla ${version.text}`);
  } catch (error) {
    // Nothing was uncommitted before: this brings back exactly what was there.
    git(root, 'reset', '--hard', '--quiet', before);
    throw error;
  }
}
