import { type ChangeKind, changeKinds, type Fragment } from './fragments.ts';

/** What a release is called in the changelog. */
export interface ReleaseHeading {
  readonly version: string;
  /** `2026-11-30`. */
  readonly date: string;
}

/** A changelog with a new section, and that section alone. */
export interface AssembledChangelog {
  readonly changelog: string;
  readonly section: string;
}

/**
 * Adds the section of a release to a changelog: the fragments by their kinds. What was written by hand below a heading
 * "Unreleased" goes into it too, each part below its kind.
 */
export function assembleChangelog(
  changelog: string,
  fragments: readonly Fragment[],
  { version, date }: ReleaseHeading,
): AssembledChangelog {
  const { before, unreleased, after } = takeApart(changelog);
  const { introduction, parts } = partsOf(unreleased);
  const kinds = changeKinds.flatMap((kind) => {
    const lines = fragments.filter((one) => one.kind === kind).map(asListItem);
    const text = [lines.join('\n'), parts.get(kind) ?? ''].filter((part) => part !== '').join('\n');
    return text === '' ? [] : [`### ${titleOf(kind)}\n${text}`];
  });
  const section = [`## ${version} - ${date}`, introduction, ...kinds].filter((part) => part !== '').join('\n\n');
  return { section, changelog: `${[before, section, after].filter((part) => part !== '').join('\n\n')}\n` };
}

function takeApart(changelog: string): { before: string; unreleased: string; after: string } {
  const sections = changelog.split(/^(?=## )/m);
  const before = sections[0]?.startsWith('## ') === true ? '' : (sections.shift() ?? '');
  const isUnreleased = (text: string): boolean => /^## \[?unreleased\]?\s*$/im.test(text.split('\n')[0] ?? '');
  const unreleased = sections.find(isUnreleased) ?? '';
  return {
    before: before.trim(),
    unreleased: unreleased.replace(/^.*\n?/, '').trim(),
    after: sections
      .filter((text) => text !== unreleased)
      .join('')
      .trim(),
  };
}

function partsOf(unreleased: string): { introduction: string; parts: ReadonlyMap<ChangeKind, string> } {
  const texts = unreleased.split(/^(?=### )/m);
  const introduction = texts[0]?.startsWith('### ') === true ? '' : (texts.shift() ?? '');
  const parts = new Map<ChangeKind, string>();
  for (const text of texts) {
    const title = text.split('\n')[0]?.slice(4).trim() ?? '';
    const kind = changeKinds.find((known) => titleOf(known) === title);
    if (kind === undefined)
      throw new Error(
        `CHANGELOG.md: "### ${title}" is not a kind of change. Choose one of: ${changeKinds.map(titleOf).join(', ')}.`,
      );
    parts.set(kind, text.replace(/^.*\n?/, '').trim());
  }
  return { introduction: introduction.trim(), parts };
}

function asListItem({ text }: Fragment): string {
  return `- ${text.replaceAll('\n', '\n  ').replaceAll(/[ \t]+$/gm, '')}`;
}

function titleOf(kind: ChangeKind): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}
