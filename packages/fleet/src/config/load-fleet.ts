import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CheckedFleet, checkFleet } from './check-fleet.ts';
import { findOwnProgram } from './own-program.ts';

/** The possible names of a fleet file, the usual one first. */
const fleetFiles: readonly string[] = [
  'flotilla.config.ts',
  'flotilla.config.mts',
  'flotilla.config.js',
  'flotilla.config.mjs',
];

/** Where to look for a fleet. */
export interface LoadOptions {
  /** The folder where the search begins; it continues in the folders above. */
  readonly folder: string;
  /** A file to use instead of searching for one. Default: none. */
  readonly file?: string | undefined;
  /** Modules beside which our packages may be installed, if they are not beside the file. Default: none. */
  readonly besides?: readonly string[];
}

/** The fleet of a project, or its mistakes in words for people. */
export type LoadedFleet =
  | CheckedFleet
  | { readonly ok: false; readonly problems: readonly string[]; readonly file?: string };

/** Without a limit, a file that never finishes loading would block the start without a message. */
const loadLimitMs = 10_000;

/** Finds, loads and checks the file of a fleet. */
export async function loadFleet({ folder, file: given, besides = [] }: LoadOptions): Promise<LoadedFleet> {
  const file = given === undefined ? findFleetFile(folder) : path.resolve(folder, given);
  if (file === undefined) return failed(missingFile(folder));
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return failed(`Cannot find the file ${file}.`);
  if (stat.isDirectory()) return failed(`${file} is a folder. Name the file in it, for example ${fleetFiles[0]}.`);
  const loaded = await load(file);
  if (typeof loaded === 'string') return failed(loaded);
  if (loaded['fleet'] === undefined) {
    const hint = 'default' in loaded ? ' Name its default export' : ' Write';
    return failed(`${file} does not export "fleet".${hint}: export const fleet = defineFleet({ … });`);
  }
  const own = { find: (name: string) => findOwnProgram(name, [file, ...besides]), exists: existsSync };
  let checked: CheckedFleet;
  try {
    checked = checkFleet(loaded['fleet'], file, own);
  } catch (error) {
    // A getter of theirs: the rest is ours.
    return failed(cannotLoad(file, error));
  }
  if (checked.ok) return checked;
  const list = checked.problems.map((problem) => `  - ${problem}`).join('\n');
  return {
    ok: false,
    problems: [
      `${file} has ${checked.problems.length === 1 ? 'a mistake' : `${checked.problems.length} mistakes`}:\n${list}`,
    ],
    file,
  };
}

function failed(problem: string): LoadedFleet {
  return { ok: false, problems: [problem] };
}

/** What the module exports, or why it cannot be loaded. */
async function load(file: string): Promise<Readonly<Record<string, unknown>> | string> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => {
    const seconds = loadLimitMs / 1_000;
    late.resolve(
      `Cannot load ${file}: it has not loaded within ${seconds} s. Look for an "await" that never resolves.`,
    );
  }, loadLimitMs);
  try {
    // A module is an object.
    return await Promise.race([import(pathToFileURL(file).href) as Promise<Record<string, unknown>>, late.promise]);
  } catch (error) {
    return cannotLoad(file, error);
  } finally {
    clearTimeout(timer);
  }
}

/** The file of the fleet in this folder or the nearest above it. */
export function findFleetFile(folder: string): string | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = fleetFiles.map((name) => path.join(at, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    if (path.dirname(at) === at) return undefined;
  }
}

function missingFile(folder: string): string {
  return `Cannot find flotilla.config.ts in ${path.resolve(folder)} or in a folder above it. Go to your project, or create the file:

import { defineFleet } from '@flotilla/fleet';

export const fleet = defineFleet({
  programs: {
    'greeting-service': { run: 'services/greeting/src/main.ts', port: 8003 },
  },
});`;
}

function cannotLoad(file: string, error: unknown): string {
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  // Where in the file, and what: the frames below are ours and Node's own.
  const lines = said.split('\n');
  const own = lines.findIndex((line) => /^\s+at .*(?:load-fleet|option-reader)\./.test(line));
  const told = lines
    .slice(0, own < 0 ? undefined : own)
    .filter((line) => !/^\s+at .*node:internal/.test(line))
    .join('\n')
    .trim();
  const missing = /Cannot find package '([^']+)'/.exec(said)?.[1];
  const advice =
    missing === undefined
      ? ''
      : `\nRun "npm install". If package.json does not list ${missing}, add it: npm install ${missing}`;
  return `Cannot load ${file}:\n${told.replaceAll(/^/gm, '  ')}${advice}`;
}
