import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs';
import path from 'node:path';
import { isIgnoredFolder } from './ignored-path.ts';

/** What {@link FolderWatch} needs. */
export interface FolderWatchOptions {
  /** A file in one of the folders was written, created, moved or removed. */
  readonly onChange: (file: string) => void;
  /** A folder cannot be watched: the system's error. Reported once. */
  readonly onFailure: (folder: string, error: NodeJS.ErrnoException) => void;
}

/**
 * Watches folders: some alone, some with what is in them. Each folder is watched by itself, since a watch over a whole tree
 * would have to look at all that is installed in it.
 */
export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  #trees: readonly string[] = [];
  #failed = false;

  constructor(options: FolderWatchOptions) {
    this.#options = options;
  }

  /** Watches only these from now on: `folders` without their subfolders, `trees` with them. */
  set(folders: Iterable<string>, trees: readonly string[]): void {
    this.#trees = trees;
    const wanted = new Set([...folders, ...trees.flatMap(foldersBelow)]);
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of wanted) this.#watch(folder);
  }

  /** Stops watching. */
  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (kind, name) => {
        if (name === null) return;
        const file = path.join(folder, name);
        if (kind === 'rename' && name === path.basename(folder) && !existsSync(file)) {
          this.#replace(folder);
          return;
        }
        if (kind === 'rename') this.#lookInto(file);
        this.#options.onChange(file);
      });
      // A folder that was removed: what is above it tells that.
      watcher.on('error', () => this.#drop(folder));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      this.#fail(folder, error);
    }
  }

  /** What has come may be a folder, with files in it that nobody will tell of any more. */
  #lookInto(file: string): void {
    if (!this.#trees.some((tree) => file.startsWith(`${tree}${path.sep}`)) || isIgnoredFolder(path.basename(file)))
      return;
    for (const folder of foldersBelow(file)) this.#watch(folder);
  }

  /** It was moved or removed, which is told under its own name: what is watched is not there any more. */
  #replace(folder: string): void {
    this.#drop(folder);
    // Another one may have taken its place already.
    this.#watch(folder);
    this.#options.onChange(folder);
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #fail(folder: string, error: unknown): void {
    // Gone meanwhile.
    if (!(error instanceof Error) || ('code' in error && error.code === 'ENOENT') || this.#failed) return;
    this.#failed = true;
    this.#options.onFailure(folder, error);
  }
}

/** The folder and all in it, but those that hold nothing of a program; none if it is not there, or a file. */
function foldersBelow(folder: string): readonly string[] {
  try {
    const inside = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !isIgnoredFolder(entry.name))
      .flatMap((entry) => foldersBelow(path.join(folder, entry.name)));
    return [folder, ...inside];
  } catch {
    return [];
  }
}
