import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AssembledChangelog, assembleChangelog } from './assemble-changelog.ts';
import { readFragments } from './fragments.ts';
import { git } from './git.ts';
import { publicPackages } from './public-packages.ts';
import { compareVersions, readVersion, type Version } from './version.ts';

/** The plan of a release. */
export interface ReleasePlan {
  readonly version: Version;
  readonly tag: string;
  readonly changes: AssembledChangelog;
  /** The fragments that move into the changelog. */
  readonly fragmentFiles: readonly string[];
}

/** A plan, or all reasons against a release, each with what to do. */
export type PlannedRelease =
  | { readonly kind: 'plan'; readonly plan: ReleasePlan }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** Checks whether `text` can be released now. Changes nothing. */
export function planRelease(root: string, text: string, date: string): PlannedRelease {
  const version = readVersion(text);
  if (version === undefined)
    return {
      kind: 'refused',
      reasons: [`"${text}" is not a version. Use one such as 1.2.3, or 1.3.0-rc.1 for a prerelease.`],
    };
  const tag = `v${version.text}`;
  const { fragments, problems } = readFragments(root);
  const reasons = [...notFromHere(root), ...notThisVersion(root, version, tag), ...problems, ...notPublishable(root)];
  let changes: AssembledChangelog | undefined;
  try {
    const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
    changes = assembleChangelog(changelog, fragments, { version: version.text, date });
  } catch (error) {
    reasons.push(messageOf(error));
  }
  if (changes?.section.includes('\n- ') === false)
    reasons.push('Nothing to release: changelog.d is empty. Add a file for each change, as CONTRIBUTING.md describes.');
  if (changes === undefined || reasons.length > 0) return { kind: 'refused', reasons };
  return { kind: 'plan', plan: { version, tag, changes, fragmentFiles: fragments.map(({ file }) => file) } };
}

function notFromHere(root: string): string[] {
  const reasons: string[] = [];
  const branch = git(root, 'branch', '--show-current');
  if (branch !== 'main')
    reasons.push(`The current branch is ${branch === '' ? 'none (detached HEAD)' : branch}. Release from main.`);
  const changed = git(root, 'status', '--porcelain')
    .split('\n')
    .filter((line) => line !== '');
  if (changed.length > 0) {
    const shown = changed.slice(0, 5).map((line) => line.slice(3));
    const more = changed.length > shown.length ? ` and ${changed.length - shown.length} more` : '';
    reasons.push(`Uncommitted changes: ${shown.join(', ')}${more}. Commit or stash them.`);
  }
  return reasons;
}

function notThisVersion(root: string, version: Version, tag: string): string[] {
  const tags = git(root, 'tag', '--list', 'v*').split('\n');
  if (tags.includes(tag)) return [`The tag ${tag} already exists: this version was released. Choose a higher one.`];
  const released = tags.flatMap((name) => readVersion(name.slice(1)) ?? []).sort(compareVersions);
  const last = released.at(-1);
  if (last === undefined || compareVersions(version, last) > 0) return [];
  return [`${version.text} is not higher than ${last.text}, the last release. Choose a higher one.`];
}

function notPublishable(root: string): string[] {
  try {
    publicPackages(root);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
