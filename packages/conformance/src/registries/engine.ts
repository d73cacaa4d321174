import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A foreign program that a test runs against: where it is, or why the test is skipped. */
export type Engine =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string };

/**
 * Where programs lie that were unpacked or built for tests, beside the system, and outlive a checkout: `CLIENTS_CACHE`, by
 * default `flotilla-clients` in the user's cache folder.
 */
export const engineCache: string =
  process.env['CLIENTS_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flotilla-clients');

/** Whether all programs must be there: a missing one fails its test instead of skipping it. */
export const requiresEngines: boolean = process.env['REQUIRE_ENGINES'] === '1';

/** Whether a program is known not to be had on this machine (`UNAVAILABLE_ENGINES`), so that nothing can require it. */
export function isUnavailable(name: string): boolean {
  return (process.env['UNAVAILABLE_ENGINES'] ?? '').split(' ').includes(name);
}

/** The program of that name on `PATH`, or the first of `others` that can be run. */
export function findProgram(name: string, others: readonly string[] = []): Engine {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const path = [...folders.map((folder) => join(folder, name)), ...others].find(canRun);
  return path === undefined ? missing(`${name} is not installed`, name) : { kind: 'found', path };
}

/** Throws where all programs are required, and this one can be had. */
export function missing(reason: string, name: string): Engine {
  if (requiresEngines && !isUnavailable(name)) throw new Error(reason);
  return { kind: 'missing', reason };
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
