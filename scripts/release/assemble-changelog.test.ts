import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assembleChangelog } from './assemble-changelog.ts';
import type { ChangeKind, Fragment } from './fragments.ts';

const fragment = (kind: ChangeKind, text: string): Fragment => ({ file: 'changelog.d/x.md', kind, text });
const heading = { version: '1.2.0', date: '2026-11-30' };

test('fragments are grouped by kind, in the order of the changelog, below the release', () => {
  const fragments = [
    fragment('fixed', 'A crash.'),
    fragment('added', 'A verb,\nand another.'),
    fragment('added', 'More.'),
  ];
  const { changelog, section } = assembleChangelog(
    '# Changelog\n\n## 1.1.0 - 2026-01-01\n\n### Added\n- Old.\n',
    fragments,
    heading,
  );
  assert.equal(
    section,
    '## 1.2.0 - 2026-11-30\n\n### Added\n- A verb,\n  and another.\n- More.\n\n### Fixed\n- A crash.',
  );
  assert.equal(changelog, `# Changelog\n\n${section}\n\n## 1.1.0 - 2026-01-01\n\n### Added\n- Old.\n`);
});

test('entries written by hand stay below their kind', () => {
  const before =
    '# Changelog\n\n## Unreleased\n\nWords of welcome.\n\n### Changed\n**Limits**\n- By hand.\n\n### Fixed\n- Mended.\n';
  const { changelog } = assembleChangelog(before, [fragment('changed', 'New.')], heading);
  assert.equal(
    changelog,
    '# Changelog\n\n## 1.2.0 - 2026-11-30\n\nWords of welcome.\n\n### Changed\n- New.\n**Limits**\n- By hand.\n\n### Fixed\n- Mended.\n',
  );
});

test('a heading that is not a kind is refused, so that nothing is lost', () => {
  const before = '# Changelog\n\n## Unreleased\n\n### Improved\n- Something.\n';
  assert.throws(
    () => assembleChangelog(before, [], heading),
    /"### Improved" is not a kind of change\. Choose one of: Added, /,
  );
});
