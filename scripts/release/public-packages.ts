import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, PublicPackage } from './manifest.ts';

/**
 * The workspaces that are published, by folder: those with `"flotilla": { "publish": true }` in their package.json.
 *
 * @throws Error when one needs a workspace that is not
 */
export function publicPackages(root: string): readonly PublicPackage[] {
  const workspaces = workspacesOf(root);
  const found = workspaces.filter(({ manifest }) => manifest.flotilla?.publish === true);
  const hidden = new Set(workspaces.filter((one) => !found.includes(one)).map(({ manifest }) => manifest.name));
  for (const { folder, manifest } of found)
    for (const name of Object.keys(manifest.dependencies ?? {}))
      if (hidden.has(name))
        throw new Error(
          `${folder} is published and needs ${name}, which is not. Give ${name} "flotilla": { "publish": true } in its package.json, or do without it.`,
        );
  return found;
}

/** Packages in an order in which each comes after those that it needs. */
export function inDependencyOrder<T extends PublicPackage>(packages: readonly T[]): readonly T[] {
  const ordered = new Set<T>();
  const add = (one: T): void => {
    for (const name of Object.keys(one.manifest.dependencies ?? {})) {
      const needed = packages.find(({ manifest }) => manifest.name === name);
      if (needed !== undefined && !ordered.has(needed)) add(needed);
    }
    ordered.add(one);
  };
  for (const one of packages) add(one);
  return [...ordered];
}

/** Every workspace, by folder. */
export function workspacesOf(root: string): readonly PublicPackage[] {
  return ['packages', 'apps']
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .sort()
    .map((folder) => ({ folder, manifest: readManifest(join(root, folder, 'package.json')) }));
}

/** Reads a package.json of ours; `npm run lint` has checked its form. */
export function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}
