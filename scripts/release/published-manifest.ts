import type { Manifest, PublicPackage } from './manifest.ts';

/** Libraries whose types pass between our functions and users': there has to be one copy, which is the users'. */
const sharedLibraries = new Set(['zod']);

/** What is published as `package.json`. */
export type PublishedManifest = Readonly<Record<string, unknown>>;

/** What is the same for all packages. */
export interface PublishOptions {
  /** All packages that are published. */
  readonly packages: readonly PublicPackage[];
  /** The versions of Node they run on: `>=24.15.0`. */
  readonly node: string;
}

/**
 * The `package.json` of a package as it is published, from that of its workspace: built files instead of sources,
 * packages of ours at exactly this version, libraries from the version we test with upwards.
 */
export function publishedManifest({ manifest }: PublicPackage, options: PublishOptions): PublishedManifest {
  const { dependencies, peers } = dependenciesOf(manifest, options.packages);
  const isProgram = manifest.bin !== undefined;
  return withoutUndefined({
    name: manifest.name,
    version: manifest.version,
    description: manifest.description,
    keywords: manifest.keywords,
    license: manifest.license,
    type: manifest.type,
    ...(isProgram
      ? { bin: Object.fromEntries(Object.keys(manifest.bin ?? {}).map((command) => [command, entryOf(command)])) }
      : { sideEffects: false }),
    exports: builtExports(manifest.exports ?? {}),
    files: [...(isProgram ? ['bin'] : []), 'dist', 'src', ...(manifest.files ?? [])],
    engines: { node: options.node },
    dependencies,
    peerDependencies: peers,
    // A name with a scope is private on the npm registry unless it says so.
    publishConfig: { access: 'public' },
  });
}

/** The file behind a command of a package. */
export function entryOf(command: string): string {
  return `bin/${command}.js`;
}

function builtExports(exports: Readonly<Record<string, string>>): Record<string, unknown> {
  const entries = mapValues<string, unknown>(exports, (source) =>
    // `types` comes first: the first condition that holds is taken.
    source.endsWith('.ts') ? { types: built(source, '.d.ts'), default: built(source, '.js') } : source,
  );
  // Tools read it for the version.
  return { ...entries, './package.json': './package.json' };
}

/** Where the compiler puts what it makes of a source, in the package. */
export function built(source: string, ending: '.js' | '.d.ts'): string {
  return source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, ending);
}

interface Dependencies {
  readonly dependencies: Readonly<Record<string, string>> | undefined;
  readonly peers: Readonly<Record<string, string>> | undefined;
}

function dependenciesOf(manifest: Manifest, packages: readonly PublicPackage[]): Dependencies {
  const own = new Map<string, string>();
  const shared = new Map<string, string>();
  for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
    const ours = packages.find((one) => one.manifest.name === name);
    if (ours !== undefined) own.set(name, ours.manifest.version);
    else if (!sharedLibraries.has(name)) own.set(name, `^${version}`);
  }
  for (const [name, version] of sharedBy(manifest, packages)) shared.set(name, `^${version}`);
  // A program is where the sharing ends: whoever installs it need not know of it.
  if (manifest.bin !== undefined) return { dependencies: sorted([...own, ...shared]), peers: undefined };
  return { dependencies: sorted([...own]), peers: sorted([...shared]) };
}

/** The shared libraries that a package needs itself or for a package of ours that it needs, with their versions. */
function sharedBy(manifest: Manifest, packages: readonly PublicPackage[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
    if (sharedLibraries.has(name)) found.set(name, version);
    const ours = packages.find((one) => one.manifest.name === name);
    if (ours !== undefined) for (const [library, its] of sharedBy(ours.manifest, packages)) found.set(library, its);
  }
  return found;
}

function sorted(entries: readonly (readonly [string, string])[]): Record<string, string> | undefined {
  if (entries.length === 0) return undefined;
  return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function withoutUndefined(record: Readonly<Record<string, unknown>>): PublishedManifest {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
