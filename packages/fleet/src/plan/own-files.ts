import { readConfigFile } from '@flotilla/kit/sources';
import { ProgramSettings } from './program-settings.ts';
import type { Program } from './programs.ts';

/**
 * What the programs' config files set, as far as they can be read; what is wrong with them is for the programs to say.
 * `root`: where the programs run.
 */
export function readOwnFiles(
  programs: readonly Program[],
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const files = new Map<string, ReadonlyMap<string, string>>();
  for (const program of programs) {
    const file = new ProgramSettings(program, env).find('CONFIG_FILE')?.value;
    if (file !== undefined) files.set(program.name, readConfigFile(file, root).values);
  }
  return files;
}
