import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Clock, Timer } from '@flotilla/contracts';
import type { Fleet, Program } from '../config/fleet.ts';
import { FolderWatch, type FolderWatchOptions } from './folder-watch.ts';
import { isIgnoredFile } from './ignored-path.ts';
import { ImportedFiles } from './imported-files.ts';
import { type WatchedParts, watchedParts } from './watched-parts.ts';

/** A change and its consequences. `file`: one of the changed files, relative to the project's folder. */
export type Change =
  /** The programs to restart. */
  | { readonly kind: 'restart'; readonly file: string; readonly programs: readonly string[] }
  /** The programs that only have to reload it. */
  | { readonly kind: 'reload'; readonly file: string; readonly programs: readonly string[] }
  /** The fleet file, which is only read at start. */
  | { readonly kind: 'fleet'; readonly file: string }
  /** It changes so often that a program must be writing it, so it is ignored from now on. */
  | { readonly kind: 'ignored'; readonly file: string };

/** What {@link watchPrograms} needs. */
export interface ProgramWatchOptions extends Pick<FolderWatchOptions, 'onFailure'> {
  readonly fleet: Fleet;
  /** Those that run. */
  readonly programs: readonly Program[];
  readonly clock: Clock;
  readonly onChange: (change: Change) => void;
}

/** Editors and tools write several files, or one several times: a change is over when nothing was written for so long. */
const quietMs = 80;
/** A file that nobody imports and that changes so often within this time is written by a program, not by a person. */
const mostWrites = 5;
const writesWithinMs = 10_000;

interface Watched extends WatchedParts {
  /** All files that it imports, as far as they are the project's own. */
  imported: ReadonlySet<string>;
  reloaded: ReadonlySet<string>;
}

/** Reports changed files and the programs that they affect. Returns a function that stops watching. */
export function watchPrograms(options: ProgramWatchOptions): { close(): void } {
  const { fleet, clock } = options;
  const imports = new ImportedFiles(fleet.folder);
  const parts = options.programs.map((program) => watchedParts(program, fleet));
  const ownFile = realpathSync(fleet.file);
  let watched: readonly Watched[] = [];
  let timer: Timer | undefined;
  const changed = new Set<string>();
  /** When files that nobody imports have led to a restart. */
  const written = new Map<string, readonly number[]>();
  const ignored = new Set<string>();

  const look = (): void => {
    watched = parts.map((each) => ({
      ...each,
      folders: each.folders.map(real),
      imported: new Set([...imports.of(each.entries), ...each.files.map(real)]),
      reloaded: imports.of(each.reloads),
    }));
    const files = [ownFile, ...watched.flatMap((each) => [...each.imported, ...each.reloaded])];
    const trees = [...new Set(watched.flatMap(({ folders }) => folders))];
    watch.set(new Set(files.map(folderAbove)), trees);
  };
  const shown = (file: string): string => path.relative(real(fleet.folder), file);
  const concerns = (file: string): boolean =>
    file === ownFile || watched.some((each) => isMadeOf(each, file) || holds(each.reloaded, file));
  const isWrittenByProgram = (file: string): boolean => {
    if (watched.some(({ imported }) => holds(imported, file))) return false;
    const nowMs = clock.monotonicMs();
    const times = [...(written.get(file) ?? []), nowMs].filter((time) => nowMs - time < writesWithinMs);
    written.set(file, times);
    return times.length >= mostWrites;
  };
  const tell = (): void => {
    const files = [...changed];
    changed.clear();
    for (const file of files) if (isWrittenByProgram(file)) ignored.add(file);
    const restart = watched.filter((each) => files.some((file) => isMadeOf(each, file)));
    const reload = watched.filter(
      (each) => !restart.includes(each) && files.some((file) => holds(each.reloaded, file)),
    );
    const say = (
      kind: 'restart' | 'reload',
      whom: readonly Watched[],
      concerns: (each: Watched, file: string) => boolean,
    ): void => {
      const file = files.find((one) => whom.some((each) => concerns(each, one)));
      if (file !== undefined)
        options.onChange({ kind, file: shown(file), programs: whom.map(({ program }) => program) });
    };
    for (const file of files) if (ignored.has(file)) options.onChange({ kind: 'ignored', file: shown(file) });
    if (files.includes(ownFile)) options.onChange({ kind: 'fleet', file: shown(ownFile) });
    say('restart', restart, isMadeOf);
    say('reload', reload, (each, file) => holds(each.reloaded, file));
    // What is imported may be different now.
    look();
  };
  const watch = new FolderWatch({
    onFailure: options.onFailure,
    onChange(file) {
      if (ignored.has(file) || !concerns(file)) return;
      changed.add(file);
      timer?.cancel();
      timer = clock.after(quietMs, tell);
    },
  });
  look();
  return {
    close() {
      timer?.cancel();
      watch.close();
    },
  };
}

function isMadeOf({ imported, folders }: Watched, file: string): boolean {
  if (holds(imported, file)) return true;
  return folders.some((folder) => {
    const inside = path.relative(folder, file);
    return inside !== '' && !inside.startsWith('..') && !path.isAbsolute(inside) && !isIgnoredFile(inside);
  });
}

/** With a folder all that is in it comes or goes. */
function holds(files: ReadonlySet<string>, changed: string): boolean {
  return files.has(changed) || [...files].some((file) => file.startsWith(`${changed}${path.sep}`));
}

/** The nearest folder that there is: in it the next one will appear. */
function folderAbove(file: string): string {
  let folder = path.dirname(file);
  while (!existsSync(folder) && path.dirname(folder) !== folder) folder = path.dirname(folder);
  return folder;
}

function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // Not there yet.
    return file;
  }
}
