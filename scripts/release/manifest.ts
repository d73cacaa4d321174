/** The parts of a workspace's package.json that the release scripts know. All others go along as they are. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  /** `./src/main.ts`: by its name on the command line. */
  readonly bin?: Readonly<Record<string, string>>;
  /** `./src/index.ts`: by what follows the package's name in an import. */
  readonly exports?: Readonly<Record<string, string>>;
  /** Folders beside `src` that belong into the package. */
  readonly files?: readonly string[];
  readonly keywords?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly flotilla?: {
    /** Whether people get this package from the npm registry. */
    readonly publish?: boolean;
    /** The published commands, where they are not what `bin` runs in this repository. */
    readonly bin?: Readonly<Record<string, string>>;
  };
}

/** The commands of a package as they are published: the source of each by its name; undefined when it has none. */
export function commandsOf(manifest: Manifest): Readonly<Record<string, string>> | undefined {
  return manifest.flotilla?.bin ?? manifest.bin;
}

/** A workspace that is published. */
export interface PublicPackage {
  /** From the root: `packages/kit`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The file name npm gives the package: `flotilla-kit-0.1.0.tgz`. */
export function tarballName({ name, version }: Pick<Manifest, 'name' | 'version'>): string {
  return `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`;
}

/** The package's folder among those that are packed: `kit`, `create-flotilla`. */
export function stagingName({ name }: Pick<Manifest, 'name'>): string {
  return name.replace(/^@[^/]*\//, '');
}
