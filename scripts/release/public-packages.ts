import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, PublicPackage } from './manifest.ts';

/**
 * The workspaces that are published, by folder: those with `"flotilla": { "publish": true }` in their package.json.
 *
 * @throws Error with everything that makes this impossible
 */
export function publicPackages(root: string): readonly PublicPackage[] {
  const workspaces = workspacesOf(root);
  const problems = workspaces.flatMap((one) => publishingProblems(root, one, workspaces));
  if (problems.length > 0) throw new Error(`The packages cannot be published:\n${problems.join('\n')}`);
  return workspaces.filter(isPublic);
}

/** What is wrong with how a workspace says whether, and with what, it is published, as lines. */
export function publishingProblems(
  root: string,
  one: PublicPackage,
  workspaces: readonly PublicPackage[],
): readonly string[] {
  const { folder, manifest } = one;
  const place = `${folder}/package.json`;
  // A service, which brings no command along, is nothing that people install.
  const isService = folder.startsWith('apps/') && manifest.bin === undefined;
  if (manifest.flotilla?.publish === undefined && !isService)
    return [`${place}: say whether people install it: "flotilla": { "publish": true }, or false`];
  if (!isPublic(one)) return [];
  const hidden = workspaces.filter((other) => !isPublic(other)).map((other) => other.manifest.name);
  const needed = Object.keys(manifest.dependencies ?? {}).filter((name) => hidden.includes(name));
  return [
    ...needed.map((name) => `${place}: is published, but ${name}, which it needs, is not`),
    ...(manifest.description === undefined ? [`${place}: is published and has no "description"`] : []),
    ...(existsSync(join(root, folder, 'README.md')) ? [] : [`${folder}: is published and has no README.md`]),
  ];
}

function isPublic({ manifest }: PublicPackage): boolean {
  return manifest.flotilla?.publish === true;
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
