import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The kinds of changes, in the order of the changelog. */
export const changeKinds = ['added', 'changed', 'deprecated', 'removed', 'fixed', 'security'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** One change that users notice: `changelog.d/<what>.<kind>.md`. */
export interface Fragment {
  readonly file: string;
  readonly kind: ChangeKind;
  /** Markdown, without the dash of a list. */
  readonly text: string;
}

/** What was found in `changelog.d`. */
export interface Fragments {
  readonly fragments: readonly Fragment[];
  /** What is wrong with files there, as sentences. */
  readonly problems: readonly string[];
}

/** Reads the changes since the last release, by the names of their files. */
export function readFragments(root: string): Fragments {
  const folder = join(root, 'changelog.d');
  const fragments: Fragment[] = [];
  const problems: string[] = [];
  const files = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of files.sort()) {
    if (name === 'README.md' || name.startsWith('.')) continue;
    const file = `changelog.d/${name}`;
    const said = /^[a-z\d-]+\.([a-z]+)\.md$/.exec(name)?.[1];
    const kind = changeKinds.find((known) => known === said);
    const text = readFileSync(join(folder, name), 'utf8').trim();
    if (kind === undefined)
      problems.push(`${file}: name it <what>.<kind>.md, where the kind is one of ${changeKinds.join(', ')}`);
    else if (text === '') problems.push(`${file}: is empty; describe in a sentence or two what users notice`);
    else if (/^(?:[-*#]|\d+\.) /.test(text)) problems.push(`${file}: write plain sentences, no list and no heading`);
    else fragments.push({ file, kind, text });
  }
  return { fragments, problems };
}
