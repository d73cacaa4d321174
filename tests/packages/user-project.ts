import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { npm } from './tools.ts';

/** A project of somebody else's: outside of the repository, with what was installed and the files that they wrote. */
export interface UserProject extends Disposable {
  readonly folder: string;
  write(file: string, text: string): void;
}

/** Makes a project in which nothing is installed. */
export function emptyProject(): UserProject {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-user-'));
  const project: UserProject = {
    folder,
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
  project.write('package.json', '{ "name": "fleet-of-ours", "private": true, "type": "module" }\n');
  return project;
}

/** Makes an empty project and installs `packages` there: tarballs, or names with versions. */
export function userProject(packages: readonly string[]): UserProject {
  const project = emptyProject();
  try {
    npm(['install', ...packages], project.folder);
  } catch (error) {
    project[Symbol.dispose]();
    throw error;
  }
  return project;
}
