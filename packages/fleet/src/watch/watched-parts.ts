import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Fleet, Program } from '../config/fleet.ts';

/** The parts of a project that belong to a program. */
export interface WatchedParts {
  readonly program: string;
  /** Files in which what it imports begins. */
  readonly entries: readonly string[];
  /** Folders of which every change concerns it. */
  readonly folders: readonly string[];
  /** Files that alone concern it, whatever they are called. */
  readonly files: readonly string[];
  /** Files that it can read again while it runs, and those that they import. Default none. */
  readonly reloads: readonly string[];
}

/** The files and folders of a program to watch. */
export function watchedParts(program: Program, { folder: root }: Fleet): WatchedParts {
  const { launch, name, watch, folder } = program;
  const extra = watch.filter((each) => existsSync(each));
  const parts = {
    program: name,
    folders: extra.filter(isFolder),
    files: extra.filter((each) => !isFolder(each)),
    reloads: routesOf(program),
  };
  if (launch.kind === 'node') {
    const own = ownFolder(launch.file, root);
    return { ...parts, entries: [launch.file], folders: [...parts.folders, ...(own === undefined ? [] : [own])] };
  }
  // Scripts are named on the command line; a folder that is the whole project belongs to all.
  const scripts = [launch.command, ...launch.args]
    .map((word) => path.resolve(folder, word))
    .filter((file) => isFile(file));
  const own = isInside(folder, root) ? [folder] : [];
  return { ...parts, entries: scripts, files: [...parts.files, ...scripts], folders: [...parts.folders, ...own] };
}

/** The gateway reads its routes again when it is told to, and goes on with those it has if they are wrong. */
function routesOf({ role, env }: Program): readonly string[] {
  const routes = env['GATEWAY_CONFIG'];
  // Signals are no more than an end on Windows: there it is restarted.
  return role === 'gateway' && routes !== undefined && process.platform !== 'win32' ? [routes] : [];
}

/** The folder of a program's package, or else the one where its first file is, if that is not the whole project. */
function ownFolder(file: string, root: string): string | undefined {
  for (let at = path.dirname(file); isInside(at, root); at = path.dirname(at))
    if (existsSync(path.join(at, 'package.json'))) return at;
  const beside = path.dirname(file);
  const above = path.basename(beside) === 'src' ? path.dirname(beside) : beside;
  return [above, beside].find((each) => isInside(each, root));
}

/** Whether it is below the project's folder, but is not it, nor something installed there. */
function isInside(folder: string, root: string): boolean {
  const relative = path.relative(root, folder);
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return false;
  return !relative.split(path.sep).includes('node_modules');
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
