import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { waitUntil } from '@flotilla/testing';
import { checkFleet } from '../config/check-fleet.ts';
import type { Program } from '../config/fleet.ts';
import { isIgnoredFile } from './ignored-path.ts';
import { ImportedFiles } from './imported-files.ts';
import { type Change, watchPrograms } from './watch-programs.ts';

/** A project with these files. */
function project(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'flotilla-watch-')));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) write(root, name, text);
  return root;
}

function write(root: string, name: string, text = '\n'): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
}

const files = {
  'package.json': '{"type":"module"}',
  'flotilla.config.ts': '',
  'gateway.config.ts': "import './shared/errors.ts';",
  'shared/errors.ts': '',
  'shared/text.ts': "export * from './deep.ts';",
  'shared/deep.ts': "import './text.ts';",
  'services/a/src/main.ts': "import { x } from '../../../shared/text.ts';\nawait import('./part.ts');",
  'services/a/src/part.ts': "import 'kit';\nimport 'installed';\nimport 'node:fs';\nimport './gone.ts';",
  'packages/kit/package.json': '{"name":"kit","exports":"./index.js"}',
  'packages/kit/index.js': "require('./inner');",
  'packages/kit/inner.js': '',
  'node_modules/installed/package.json': '{"name":"installed","exports":"./index.js"}',
  'node_modules/installed/index.js': '',
  'services/b/b.py': '',
  'tools/c.sh': '',
};

function linked(t: TestContext): string {
  const root = project(t, files);
  symlinkSync('../packages/kit', path.join(root, 'node_modules', 'kit'));
  return root;
}

function programsOf(root: string) {
  const programs = {
    a: { run: 'services/a/src/main.ts' },
    b: { command: ['python3', 'b.py'], folder: 'services/b' },
    c: { command: ['sh', 'tools/c.sh'], watch: ['extra'] },
  };
  const own = { find: () => path.join(root, 'node_modules/installed/index.js'), exists: () => true };
  const checked = checkFleet({ registry: false, programs }, path.join(root, 'flotilla.config.ts'), own);
  return checked.ok ? checked.fleet : assert.fail(checked.problems.join());
}

test("a program's files are the project's files that it imports, even from the project's packages and even while they are missing", (t) => {
  const root = linked(t);
  const found = [...new ImportedFiles(root).of([path.join(root, 'services/a/src/main.ts')])];
  assert.deepEqual(found.map((file) => path.relative(root, file)).toSorted(), [
    ...['packages/kit/index.js', 'packages/kit/inner.js'],
    ...['services/a/src/gone.ts', 'services/a/src/main.ts', 'services/a/src/part.ts'],
    ...['shared/deep.ts', 'shared/text.ts'],
  ]);
});

test('installed, generated and written files and tests are not part of a program', () => {
  for (const file of [
    'node_modules/x/a.js',
    'dist/a.js',
    'data/a',
    '.git/HEAD',
    'a.db-wal',
    'x.log',
    'a.test.ts',
    'a.swp',
  ])
    assert.equal(isIgnoredFile(file), true, file);
  for (const file of ['a.ts', 'sub/a.py', 'template.html', 'config.json', 'latest.ts', 'Dockerfile'])
    assert.equal(isIgnoredFile(file), false, file);
});

test('a change is reported with the programs that it affects, once for all files that are written together', async (t) => {
  const root = linked(t);
  const told: Change[] = [];
  const failures: string[] = [];
  const fleet = programsOf(root);
  mkdirSync(path.join(root, 'extra'));
  const watch = watchPrograms({
    fleet,
    programs: fleet.programs,
    clock: systemClock,
    onChange: (change) => told.push(change),
    onFailure: (folder) => failures.push(folder),
  });
  t.after(() => watch.close());
  const after = async (change: () => void): Promise<readonly Change[]> => {
    told.length = 0;
    change();
    await waitUntil('a change is told', () => told.length > 0);
    return [...told];
  };
  const restart = (file: string, ...programs: Program['name'][]): Change => ({ kind: 'restart', file, programs });

  assert.deepEqual(await after(() => write(root, 'services/a/src/part.ts')), [restart('services/a/src/part.ts', 'a')]);
  assert.deepEqual(await after(() => write(root, 'services/b/new/data.json')), [restart('services/b/new', 'b')]);
  assert.deepEqual(await after(() => write(root, 'services/b/new/more.json')), [
    restart('services/b/new/more.json', 'b'),
  ]);
  assert.deepEqual(await after(() => write(root, 'tools/c.sh')), [restart('tools/c.sh', 'c')]);
  assert.deepEqual(await after(() => write(root, 'shared/errors.ts')), [
    { kind: 'reload', file: 'shared/errors.ts', programs: ['gateway'] },
  ]);
  assert.deepEqual(await after(() => write(root, 'flotilla.config.ts')), [
    { kind: 'fleet', file: 'flotilla.config.ts' },
  ]);
  // As editors save: another file takes the place of the old one.
  write(root, 'shared/deep.ts.new');
  assert.deepEqual(
    await after(() => renameSync(path.join(root, 'shared/deep.ts.new'), path.join(root, 'shared/deep.ts'))),
    [restart('shared/deep.ts', 'a')],
  );
  const together = await after(() => {
    for (const name of ['services/b/node_modules/x.js', 'services/b/b.log', 'shared/nobodys.ts']) write(root, name);
    for (const name of ['services/b/b.py', 'shared/text.ts']) write(root, name);
  });
  assert.equal(together.length, 1);
  assert.deepEqual(together[0]?.kind === 'restart' && together[0].programs, ['a', 'b']);
  assert.deepEqual(failures, []);
  // A program that writes a file of its own at each start would be started for ever.
  for (let start = 1; start < 5; start += 1)
    assert.equal((await after(() => write(root, 'services/b/state.json')))[0]?.kind, 'restart');
  const last = await after(() => write(root, 'services/b/state.json'));
  assert.deepEqual(last[0], { kind: 'ignored', file: 'services/b/state.json' });
});

test('a removed file is watched until it returns, even if its folder was removed', async (t) => {
  const root = linked(t);
  const told: Change[] = [];
  const fleet = programsOf(root);
  const watch = watchPrograms({
    fleet,
    programs: fleet.programs.filter(({ name }) => name === 'a'),
    clock: systemClock,
    onChange: (change) => told.push(change),
    onFailure: (_folder, error) => assert.fail(error),
  });
  t.after(() => watch.close());
  const restarts = async (change: () => void): Promise<void> => {
    told.length = 0;
    change();
    await waitUntil('a restart is told', () => told.some(({ kind }) => kind === 'restart'));
  };
  const at = (name: string): string => path.join(root, name);
  await restarts(() => rmSync(at('shared/text.ts')));
  await restarts(() => write(root, 'shared/text.ts', "export * from './deep.ts';"));
  await restarts(() => renameSync(at('shared'), at('elsewhere')));
  await restarts(() => renameSync(at('elsewhere'), at('shared')));
  await restarts(() => write(root, 'shared/deep.ts'));
  // As another branch is checked out: the folder is a new one.
  await restarts(() => {
    rmSync(at('services/a/src'), { recursive: true });
    write(root, 'services/a/src/main.ts', files['services/a/src/main.ts']);
  });
  await restarts(() => write(root, 'services/a/src/part.ts'));
  await restarts(() => rmSync(at('shared'), { recursive: true }));
  await restarts(() => write(root, 'shared/text.ts'));
});
