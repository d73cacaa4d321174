/** The parts of a lock file's entry that say what may be installed. */
interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  /** A workspace: a link into the repository, and nothing to fetch. */
  readonly link?: boolean;
}

/** A `package-lock.json`, as far as it matters here. */
export interface LockFile {
  packages: Record<string, LockEntry>;
}

/** The entries that npm fetches but could not check: those without a checksum. */
export function unchecked(lock: LockFile): readonly string[] {
  return fetched(lock)
    .filter(([, entry]) => !/^sha512-[\w+/]{86}==$/.test(entry.integrity ?? ''))
    .map(([place]) => place);
}

/** The entries that name where to fetch from: everybody has a registry of their own, and `.npmrc` keeps hosts out. */
export function boundToHosts(lock: LockFile): readonly string[] {
  return fetched(lock)
    .filter(([, entry]) => entry.resolved !== undefined)
    .map(([place]) => place);
}

function fetched({ packages }: LockFile): readonly (readonly [string, LockEntry])[] {
  return Object.entries(packages).filter(([place, entry]) => place.includes('node_modules/') && entry.link !== true);
}
