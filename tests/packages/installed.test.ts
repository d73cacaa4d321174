import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { spawnProgram, waitUntil } from '@flotilla/testing';
import { type PackedPackage, packPackages } from '../../scripts/release/pack-packages.ts';
import { readDocument, repository } from '../docs/documents.ts';
import { localRegistry } from './local-registry.ts';
import { contentProblems } from './package-contents.ts';
import { type Snippet, snippetsOf } from './snippets.ts';
import { compilerFile, compilers, installTools, laterNode, npm, runTool } from './tools.ts';
import { emptyProject, type UserProject, userProject } from './user-project.ts';

/** What users bring along, in the versions that this repository is tested with. */
const { devDependencies } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};
const nodeTypes = `@types/node@${devDependencies['@types/node']}`;

suite('the packages, installed in an empty project', { timeout: 600_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-packages-'));
  let packages: readonly PackedPackage[] = [];
  let snippets: readonly Snippet[] = [];
  let project: UserProject;
  const tarball = (name: string): string => packages.find(({ manifest }) => manifest.name === name)?.tarball ?? name;

  before(() => {
    installTools();
    packages = packPackages(repository, folder);
    project = userProject([...packages.map((one) => one.tarball), 'zod', nodeTypes]);
    cpSync(path.join(import.meta.dirname, 'fixtures/user'), project.folder, { recursive: true });
    const service = readDocument('README.md').blocks.find(({ text }) => text.includes('runService('));
    project.write('services/greeting/src/main.ts', service?.text ?? '');
    snippets = snippetsOf(packages);
    for (const { file, text } of snippets) project.write(file, text);
    project.write('every-export.ts', importsOfAll(packages));
  });

  after(() => {
    project?.[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test('pass publint and "Are the types wrong?"', () => {
    const tarballs = packages.map((one) => one.tarball);
    assert.ok(tarballs.length > 10);
    assert.equal(runTool('check-tarballs.mjs', tarballs), '');
  });

  test('would fail both checks if an export were broken', () => {
    const broken = path.join(folder, 'broken');
    cpSync(packages.find(({ manifest }) => manifest.name === '@flotilla/http1')?.staged ?? '', broken, {
      recursive: true,
    });
    rmSync(path.join(broken, 'dist/index.d.ts'));
    npm(['pack', '--pack-destination', broken], broken);
    const said = runTool('check-tarballs.mjs', globSync(path.join(broken, '*.tgz')));
    assert.match(said, /publint: .*index\.d\.ts but the file does not exist/);
    assert.match(said, /attw: \. node16-esm: .* no type declarations were found/);
  });

  test('contain what their imports and source maps name, but no tests and no paths of this machine', () => {
    for (const { staged } of packages) assert.deepEqual(contentProblems(staged, repository), [], staged);
  });

  test('have types for each supported version of TypeScript', async () => {
    const check = async (compiler: (typeof compilers)[number], ...options: string[]): Promise<void> => {
      const { output } = await run(process.execPath, [compilerFile(compiler), '-p', '.', ...options], project.folder);
      assert.equal(output, '', [compiler, ...options].join(' '));
    };
    await Promise.all(compilers.map((compiler) => check(compiler)));
    await check('typescript-7', '--module', 'esnext', '--moduleResolution', 'bundler');
  });

  test('have types that a package can export if it sees only its own dependencies, as with pnpm', async () => {
    await using registry = await localRegistry(packages);
    using strict = emptyProject();
    cpSync(path.join(import.meta.dirname, 'fixtures/strict'), strict.folder, { recursive: true });
    const names = ['kit', 'registry-client', 'gateway', 'fleet', 'testing'].map((name) => `@flotilla/${name}`);
    const options = ['--install-strategy=linked', '--prefer-offline', '--no-audit', '--registry', registry.url];
    const installed = await run('npm', ['install', ...options, ...names, 'zod', nodeTypes], strict.folder);
    assert.equal(installed.code, 0, installed.output);
    assert.ok(!existsSync(path.join(strict.folder, 'node_modules/fastify')), 'everything can be seen');
    const { output } = await run(process.execPath, [compilerFile('typescript-7'), '-p', '.'], strict.folder);
    assert.equal(output, '');
  });

  test('run on the Node of this repository', () => passesTests(project, process.execPath));

  test('run on the next Node', async (context) => {
    const node = laterNode();
    if (node === undefined) {
      assert.notEqual(process.env['REQUIRE_ENGINES'], '1', 'there has to be one');
      return context.skip('No such Node for this machine');
    }
    await passesTests(project, node);
  });

  test('behave as their READMEs show', async () => {
    assert.ok(snippets.length >= 8);
    for (const { file, serves } of snippets) {
      const entry = path.join(project.folder, file);
      const env = { PATH: process.env['PATH'] ?? '', SERVER_PORT: '0', REGISTRY_URL: 'static:none=127.0.0.1:1' };
      if (!serves) {
        const { code, output } = await run(process.execPath, [entry], project.folder, env);
        assert.equal(code, 0, `${file}:\n${output}`);
        continue;
      }
      await using program = await spawnProgram({ entry, env, cwd: project.folder });
      assert.deepEqual(await program.kill('SIGTERM'), { code: 0, signal: null }, file);
    }
  });

  test('name their sources in stack traces', async () => {
    const script = `const { loadConfig, setting } = await import('@flotilla/kit/config');
      setting(undefined, {});`;
    const options = ['--enable-source-maps', '--input-type=module', '--eval', script];
    const { output } = await run(process.execPath, options, project.folder);
    const [, file = '', line] =
      /\((?:file:\/\/)?(\S+@flotilla\/kit\/src\/config\/setting\.ts):(\d+):/.exec(output) ?? [];
    assert.ok(existsSync(file), output);
    assert.match(readFileSync(file, 'utf8').split('\n')[Number(line) - 1] ?? '', /safeParse/);
  });

  test('can be loaded with "require"', async () => {
    const script = `for (const name of ${JSON.stringify(namesOfAll(packages))}) require(name); process.exit(0);`;
    const { code, output } = await run(process.execPath, ['--eval', script], project.folder);
    assert.equal(code, 0, output);
  });

  test('start a fleet with one command, and stop it', { timeout: 120_000 }, async () => {
    const flotilla = path.join(project.folder, 'node_modules/.bin/flotilla');
    const env = { PATH: process.env['PATH'] ?? '' };
    const fleet = spawn(flotilla, ['up', '--free-ports'], { cwd: project.folder, env });
    const ended = new Promise((resolve) => fleet.once('close', resolve));
    try {
      let output = '';
      // Read to the end: a fleet whose output nobody reads any more stops.
      fleet.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      await waitUntil('the fleet is ready', () => output.includes('Ctrl-C'));
      const gateway = /gateway +(http:\S+)/.exec(output)?.[1];
      const answer = await fetch(`${gateway}/hello?name=Ann`);
      assert.deepEqual(await answer.json(), { text: 'Hello, Ann!' }, output);
      const dashboard = /^Dashboard: (\S+)$/m.exec(output)?.[1] ?? assert.fail(output);
      assert.match(await page(dashboard), /<script type="module"/);
    } finally {
      fleet.kill('SIGTERM');
    }
    assert.equal(await ended, 0);
  });

  test('have working commands', async () => {
    for (const command of ['flotilla', 'flotilla-gateway', 'flotilla-registry', 'flotilla-dashboard']) {
      const file = path.join(project.folder, 'node_modules/.bin', command);
      const { code, output } = await run(file, ['--help'], project.folder);
      assert.equal(code, 0, output);
      assert.match(output, /--/, command);
      const old = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '22.12.0' })`;
      const refused = await run(process.execPath, ['--import', old, file], project.folder);
      assert.match(refused.output, /^\S+ needs Node 24\.\S+ or newer, and this is Node 22\.12\.0\. Install/, command);
      assert.equal(refused.code, 1);
    }
  });

  test('the registry client installs and loads only the contracts and zod', async () => {
    using alone = userProject([tarball('@flotilla/registry-client'), tarball('@flotilla/contracts')]);
    const installed = globSync(['node_modules/{@*/*,[!@.]*}'], { cwd: alone.folder });
    assert.deepEqual(installed.map((place) => place.replaceAll(path.sep, '/').replace('node_modules/', '')).sort(), [
      '@flotilla/contracts',
      '@flotilla/registry-client',
      'zod',
    ]);
    const script = `const { discoveryFor } = await import('@flotilla/registry-client');
      await discoveryFor('http://127.0.0.1:1', { logger: console }).close();`;
    const { code, output } = await run(process.execPath, ['--input-type=module', '--eval', script], alone.folder);
    assert.equal(code, 0, output);
  });
});

/** A module that imports every export of every package, so that the compiler looks at all declarations. */
function importsOfAll(packages: readonly PackedPackage[]): string {
  const lines = namesOfAll(packages).map((name, index) => `export type * as part${index} from '${name}';`);
  return `${lines.join('\n')}\n`;
}

/** A page of a program that starts after the others. */
async function page(url: string): Promise<string> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response !== undefined) return response.text();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What can be imported of the packages. */
function namesOfAll(packages: readonly PackedPackage[]): readonly string[] {
  return packages.flatMap(({ manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([subpath, source]) =>
      source.endsWith('.ts') ? [manifest.name + subpath.slice(1)] : [],
    ),
  );
}

interface Ended {
  readonly code: number | null;
  /** stdout and stderr. */
  readonly output: string;
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = { PATH: process.env['PATH'] ?? '' },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd, env, timeout: 120_000 }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
  });
}

async function passesTests({ folder }: UserProject, node: string): Promise<void> {
  const { code, output } = await run(node, ['--test', 'tests/*.test.ts'], folder);
  assert.equal(code, 0, output);
}
