import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileChange } from './changes.ts';
import { type HandEdit, WishRefused } from './draft.ts';
import { insertInto } from './insert-into.ts';

/** What the file may be called that says what a project runs, the usual name first. */
const fleetFiles = ['flotilla.config.ts', 'flotilla.config.mts', 'flotilla.config.js', 'flotilla.config.mjs'];
/** What the gateway serves. */
export const gatewayFile = 'gateway.config.ts';

/** The files of a project that get new entries, as they will be. */
export class ProjectFiles {
  readonly root: string;
  /** The name of the file that says what the project runs. */
  readonly fleetFile: string;
  readonly #before = new Map<string, string>();
  readonly #after = new Map<string, string>();
  readonly #byHand: HandEdit[] = [];

  private constructor(root: string, fleetFile: string) {
    this.root = root;
    this.fleetFile = fleetFile;
  }

  /**
   * Reads the files that there are.
   *
   * @throws {WishRefused} when the folder is no project
   */
  static async read(root: string): Promise<ProjectFiles> {
    const texts = new Map<string, string>();
    for (const name of [...fleetFiles, gatewayFile]) {
      const text = await readFile(path.join(root, name), 'utf8').catch(() => undefined);
      if (text !== undefined) texts.set(name, text);
    }
    const fleetFile = fleetFiles.find((name) => texts.has(name));
    if (fleetFile === undefined) {
      const advice = 'Run this in a project\'s folder; "npm create flotilla" creates one.';
      throw new WishRefused(`Cannot find ${fleetFiles[0]} in ${root} or in a folder above it. ${advice}`);
    }
    const files = new ProjectFiles(root, fleetFile);
    for (const name of [fleetFile, gatewayFile]) {
      const text = texts.get(name);
      if (text === undefined) continue;
      files.#before.set(name, text);
      files.#after.set(name, text);
    }
    return files;
  }

  /** The file's text with what was added; empty when there is no such file. */
  text(name: string): string {
    return this.#after.get(name) ?? '';
  }

  /** Adds an entry to a literal of a file, or leaves that to a person. */
  add(file: string, property: string, entry: string): void {
    const source = this.#after.get(file);
    const changed = source === undefined ? undefined : insertInto(source, { property, entry });
    if (changed === undefined) this.#byHand.push({ file, property, entry });
    else this.#after.set(file, changed);
  }

  get changes(): readonly FileChange[] {
    return [...this.#after]
      .filter(([name, text]) => text !== this.#before.get(name))
      .map(([name, text]) => ({ path: name, text, before: this.#before.get(name) }));
  }

  get byHand(): readonly HandEdit[] {
    return this.#byHand;
  }
}

/** The services that the project's fleet file names as programs. */
export function servicesOf(files: ProjectFiles): readonly string[] {
  const text = files.text(files.fleetFile);
  return [...text.matchAll(/(?:^|[{,])\s*['"]?([a-z][a-z0-9-]*-service)['"]?\s*:/gm)].map((match) => match[1] ?? '');
}

/** Ports that the fleet file names. */
export function portsOf(files: ProjectFiles): readonly number[] {
  return [...files.text(files.fleetFile).matchAll(/\bport:\s*(\d{1,5})\b/g)].map((match) => Number(match[1]));
}

/** Numbers of the fleet file that may be ports: those of further servers, and those that constants stand for. */
export function numbersOf(files: ProjectFiles): readonly number[] {
  return [...files.text(files.fleetFile).matchAll(/\b\d[\d_]{3,5}\b/g)].map(([digits]) =>
    Number(digits.replaceAll('_', '')),
  );
}

/** Whether a folder has anything in it but what git and an editor put there. */
export async function isOccupied(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return names.some((name) => !['.git', '.idea', '.vscode', '.DS_Store'].includes(name));
}
