import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from '../packages/tools.ts';

/** The folder of client programs with npm packages. */
export const npmFolder: string = join(import.meta.dirname, 'npm');

/** Installs the npm packages exactly as their lock file says, unless they are there. */
export function installNpmClients(): void {
  const lock = join(npmFolder, 'package-lock.json');
  const installed = join(npmFolder, 'node_modules/.installed-lock.json');
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(lock))) return;
  npm(['ci', '--ignore-scripts'], npmFolder);
  copyFileSync(lock, installed);
}
