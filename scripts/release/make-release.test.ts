import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { git } from './git.ts';
import { makeRelease, type ReleaseSteps } from './make-release.ts';
import { type PlannedRelease, planRelease, type ReleasePlan } from './plan-release.ts';

const manifests = {
  'package.json': { name: 'fleet', version: '0.1.0' },
  'packages/a/package.json': { name: '@f/a', version: '0.1.0', description: 'A.', flotilla: { publish: true } },
  'apps/b/package.json': {
    name: '@f/b',
    version: '0.1.0',
    flotilla: { publish: false },
    dependencies: { '@f/a': '0.1.0', zod: '0.1.0' },
    devDependencies: { '@f/a': '0.1.0' },
  },
  'package-lock.json': {
    version: '0.1.0',
    packages: {
      '': { version: '0.1.0' },
      'apps/b': { version: '0.1.0', dependencies: { '@f/a': '0.1.0', zod: '0.1.0' } },
      'node_modules/zod': { version: '0.1.0' },
      'packages/a': { version: '0.1.0' },
    },
  },
};

/** A repository with one change to release. */
function repository(): Disposable & { readonly root: string; write(file: string, text: string): void } {
  const root = mkdtempSync(join(tmpdir(), 'flotilla-release-'));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  for (const [file, content] of Object.entries(manifests)) write(file, `${JSON.stringify(content, null, 2)}\n`);
  write('CHANGELOG.md', '# Changelog\n');
  write('packages/a/README.md', '# A\n');
  write('changelog.d/a-verb.added.md', 'A verb.\n');
  git(root, 'init', '--quiet', '--initial-branch=main');
  for (const [name, value] of [
    ['user.name', 'A'],
    ['user.email', 'a@example.com'],
    ['commit.gpgsign', 'false'],
  ] as const)
    git(root, 'config', name, value);
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', 'Begin');
  return { root, write, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}

const date = '2026-11-30';

function reasons(planned: PlannedRelease): string {
  return planned.kind === 'refused' ? planned.reasons.join('\n') : '';
}

function planOf(root: string, version: string): ReleasePlan {
  const planned = planRelease(root, version, date);
  if (planned.kind === 'refused') assert.fail(reasons(planned));
  return planned.plan;
}

const steps: ReleaseSteps = { check() {}, pack() {}, say() {} };

test('a release sets every version, writes the changelog, commits and tags', () => {
  using place = repository();
  const { root } = place;
  makeRelease(root, planOf(root, '0.2.0'), steps);
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  assert.match(read('CHANGELOG.md'), /^# Changelog\n\n## 0\.2\.0 - 2026-11-30\n\n### Added\n- A verb\.\n$/);
  assert.equal(existsSync(join(root, 'changelog.d/a-verb.added.md')), false);
  for (const file of Object.keys(manifests)) {
    const left = read(file).match(/0\.1\.0/g) ?? [];
    // zod's own version stays, wherever it stands.
    assert.equal(left.length, file === 'package-lock.json' ? 2 : Number(file === 'apps/b/package.json'), file);
  }
  assert.equal(git(root, 'status', '--porcelain'), '');
  assert.equal(git(root, 'log', '-1', '--format=%s'), 'Release 0.2.0');
  assert.equal(git(root, 'rev-parse', 'v0.2.0^{commit}'), git(root, 'rev-parse', 'HEAD'));
});

test('a failure changes nothing', () => {
  using place = repository();
  const { root } = place;
  const before = git(root, 'rev-parse', 'HEAD');
  const plan = planOf(root, '0.2.0');
  const fail = (): never => {
    throw new Error('no');
  };
  for (const failing of [{ check: fail }, { pack: fail }]) {
    assert.throws(() => makeRelease(root, plan, { ...steps, ...failing }), /^Error: no$/);
    assert.equal(git(root, 'status', '--porcelain'), '');
    assert.equal(git(root, 'rev-parse', 'HEAD'), before);
    assert.equal(git(root, 'tag'), '');
  }
});

test('each mistake is reported with what to do', () => {
  using place = repository();
  const { root } = place;
  assert.match(reasons(planRelease(root, 'v1', date)), /^"v1" is not a version\. Use one such as 1\.2\.3/);

  git(root, 'tag', 'v0.3.0');
  assert.match(reasons(planRelease(root, '0.3.0', date)), /^The tag v0\.3\.0 already exists/);
  assert.match(reasons(planRelease(root, '0.2.9', date)), /^0\.2\.9 is not higher than 0\.3\.0, the last release/);
  assert.equal(planRelease(root, '0.3.1', date).kind, 'plan');

  git(root, 'switch', '--quiet', '--create', 'other');
  place.write('changelog.d/odd.md', 'x');
  place.write('changelog.d/empty.fixed.md', ' \n');
  place.write('changelog.d/list.fixed.md', '- x');
  const all = reasons(planRelease(root, '0.2.0', date));
  assert.match(all, /The current branch is other\. Release from main\./);
  assert.match(all, /Uncommitted changes: changelog\.d\/empty\.fixed\.md, .*Commit or stash them\./);
  assert.match(all, /0\.2\.0 is not higher/);
  assert.match(all, /changelog\.d\/odd\.md: name it <what>\.<kind>\.md, where the kind is one of added, changed/);
  assert.match(all, /changelog\.d\/empty\.fixed\.md: is empty/);
  assert.match(all, /changelog\.d\/list\.fixed\.md: write plain sentences/);
});

test('a changed file is named with its full path, and an unknown heading of the changelog is a mistake', () => {
  using place = repository();
  const { root } = place;
  place.write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n\n### Mended\n\n- x\n');
  const all = reasons(planRelease(root, '0.2.0', date));
  assert.match(all, /Uncommitted changes: CHANGELOG\.md\. Commit/);
  assert.match(all, /^CHANGELOG\.md: "### Mended" is not a kind of change\. Choose one of: Added,/m);
});

test('a release without a change is refused', () => {
  using place = repository();
  const { root } = place;
  git(root, 'rm', '--quiet', 'changelog.d/a-verb.added.md');
  git(root, 'commit', '--quiet', '--message', 'Take it back');
  assert.match(reasons(planRelease(root, '0.2.0', date)), /^Nothing to release: changelog\.d is empty\./);
});
