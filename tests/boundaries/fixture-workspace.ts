import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '..', '..');
const toolConfigs = ['package.json', '.oxlintrc.jsonc', 'biome.json', 'knip.json', 'tsconfig.base.json'];

/** The text of files, by path below the workspace's root. */
export type Files = Readonly<Record<string, string>>;

/** What a tool said about a workspace. */
export interface Verdict {
  readonly passed: boolean;
  readonly output: string;
}

/** A small tree in a temporary folder, with this repository's own tool configurations, for tools to judge. */
export interface FixtureWorkspace {
  readonly root: string;
  write(files: Files): void;
  /** Runs a tool of this repository with the Node that runs the test. */
  run(tool: string, args: readonly string[]): Verdict;
  remove(): void;
}

/**
 * @param manifests `real`: every workspace's own package.json and tsconfig.json with one placeholder source, so that the
 *   rules they hold are the ones that are tried; `none`: only what is written afterwards
 */
export function createFixtureWorkspace(manifests: 'real' | 'none'): FixtureWorkspace {
  const root = mkdtempSync(join(tmpdir(), 'flotilla-boundary-'));
  for (const name of toolConfigs) cpSync(join(repository, name), join(root, name));
  linkInstalled(root);
  if (manifests === 'real') for (const folder of workspaceFolders()) copyManifests(root, folder);
  const workspace: FixtureWorkspace = {
    root,
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    run(tool, args) {
      const result = spawnSync(process.execPath, [join(repository, tool), ...args], { cwd: root, encoding: 'utf8' });
      return { passed: result.status === 0, output: `${result.stdout}${result.stderr}` };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  return workspace;
}

function workspaceFolders(): string[] {
  return ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(repository, group)).map((name) => `${group}/${name}`),
  );
}

function copyManifests(root: string, folder: string): void {
  if (!existsSync(join(repository, folder, 'package.json'))) return;
  mkdirSync(join(root, folder, 'src'), { recursive: true });
  for (const name of ['package.json', 'tsconfig.json'])
    cpSync(join(repository, folder, name), join(root, folder, name));
  writeFileSync(join(root, folder, 'src', 'placeholder.ts'), 'export const placeholder = 1;\n');
}

/** The installed packages as they are, but the links of the workspaces lead into the fixture. */
function linkInstalled(root: string): void {
  const installed = join(repository, 'node_modules');
  const own = join(root, 'node_modules');
  mkdirSync(join(own, '@flotilla'), { recursive: true });
  for (const name of readdirSync(installed)) {
    if (name !== '@flotilla' && (name === '.bin' || !name.startsWith('.')))
      symlinkSync(join(installed, name), join(own, name));
  }
  for (const folder of workspaceFolders()) {
    const manifest = join(repository, folder, 'package.json');
    if (!existsSync(manifest)) continue;
    // The file is ours and has a name.
    const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string };
    rmSync(join(own, name), { force: true });
    symlinkSync(join(root, folder), join(own, name));
  }
}
