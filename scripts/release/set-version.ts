import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspacesOf } from './public-packages.ts';

/** What of a package.json, or of an entry of the lock file, names a version. */
interface Versioned {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/**
 * Gives the repository, every workspace, what they need of each other and the lock file the same version.
 *
 * @returns the files that were written, from the root
 */
export function setVersion(root: string, version: string): readonly string[] {
  const workspaces = workspacesOf(root);
  const names = new Set(workspaces.map(({ manifest }) => manifest.name));
  const folders = workspaces.map(({ folder }) => folder);
  for (const file of ['package.json', ...folders.map((folder) => `${folder}/package.json`)])
    change<Versioned>(join(root, file), (manifest) => giveVersion(manifest, version, names));
  change<Versioned & { packages: Record<string, Versioned> }>(join(root, 'package-lock.json'), (lock) => {
    lock.version = version;
    for (const place of ['', ...folders]) {
      const entry = lock.packages[place];
      if (entry === undefined)
        throw new Error(`package-lock.json does not list ${place}. Run "npm install" and commit.`);
      giveVersion(entry, version, names);
    }
  });
  return ['package.json', ...folders.map((folder) => `${folder}/package.json`), 'package-lock.json'];
}

function giveVersion(versioned: Versioned, version: string, names: ReadonlySet<string>): void {
  versioned.version = version;
  for (const dependencies of [versioned.dependencies, versioned.devDependencies])
    for (const name of Object.keys(dependencies ?? {}))
      if (names.has(name) && dependencies) dependencies[name] = version;
}

function change<T>(file: string, edit: (content: T) => void): void {
  // A file of ours or npm's, in the form npm gives it.
  const content = JSON.parse(readFileSync(file, 'utf8')) as T;
  edit(content);
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
