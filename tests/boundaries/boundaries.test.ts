import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createFixtureWorkspace, type FixtureWorkspace, type Verdict } from './fixture-workspace.ts';
import { compilerFixtures } from './fixtures/compiler-fixtures.ts';
import { strictDependencyFixtures, unusedFixtures } from './fixtures/dependency-fixtures.ts';
import type { Fixture } from './fixtures/fixture.ts';
import { lintFixtures } from './fixtures/lint-fixtures.ts';
import { structureFixtures } from './fixtures/structure-fixtures.ts';

suite('every architecture rule is enforced by a tool', () => {
  const lint = ['--type-aware', '--report-unused-disable-directives', '--deny-warnings', '-f', 'unix'];
  for (const fixture of lintFixtures) {
    const folders = new Set(Object.keys(fixture.kept).map((path) => path.split('/').slice(0, 2).join('/')));
    enforces(fixture, 'real', (workspace) => workspace.run('node_modules/.bin/oxlint', [...lint, ...folders]));
  }
  for (const fixture of compilerFixtures) {
    // By force: a file changed within the clock tick of the build before it would be taken for unchanged.
    const build = ['-b', '--force', ...fixture.projects];
    enforces(fixture, 'real', (workspace) => workspace.run('node_modules/.bin/tsc', build));
  }
  for (const fixture of structureFixtures) {
    enforces(fixture, 'none', (workspace) => workspace.run('scripts/check-structure.ts', [workspace.root]));
  }
  for (const fixture of unusedFixtures) {
    enforces(fixture, 'none', (workspace) => workspace.run('node_modules/.bin/knip', ['--no-progress']));
  }
  for (const fixture of strictDependencyFixtures) {
    enforces(fixture, 'none', (workspace) =>
      workspace.run('node_modules/.bin/knip', ['--no-progress', '--production', '--strict']),
    );
  }
  const format: Fixture = {
    rule: 'files have one format',
    kept: { 'packages/kit/src/config/fixture.ts': "export const a = 'b';\n" },
    broken: { 'packages/kit/src/config/fixture.ts': 'export const a = "b"\n' },
    complaint: /Formatter would have printed the following content/,
  };
  enforces(format, 'none', (workspace) =>
    workspace.run('node_modules/.bin/biome', ['check', '--vcs-enabled=false', 'packages']),
  );
});

/** The tool accepts the tree that keeps the rule, and refuses the same tree with the violation, for the right reason. */
function enforces(fixture: Fixture, manifests: 'real' | 'none', judge: (workspace: FixtureWorkspace) => Verdict): void {
  test(fixture.rule, () => {
    const workspace = createFixtureWorkspace(manifests);
    try {
      workspace.write(fixture.kept);
      const accepted = judge(workspace);
      assert.ok(accepted.passed, `the tool refuses even the tree that keeps the rule:\n${accepted.output}`);
      workspace.write(fixture.broken);
      const refused = judge(workspace);
      assert.match(refused.output, fixture.complaint);
      assert.ok(!refused.passed, 'the tool complains but its exit code says all is well');
    } finally {
      workspace.remove();
    }
  });
}
