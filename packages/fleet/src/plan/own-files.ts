import { readConfigFile } from '@flotilla/kit/sources';
import type { Program } from '../config/fleet.ts';
import { ProgramSettings } from './program-settings.ts';

/**
 * What the programs' config files set, as far as they can be read; what is wrong with them is for the programs to say.
 */
export function readOwnFiles(
  programs: readonly Program[],
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const files = new Map<string, ReadonlyMap<string, string>>();
  for (const program of programs) {
    if (program.launch.kind !== 'node') continue;
    const file = new ProgramSettings(program, env).find('CONFIG_FILE')?.value;
    if (file !== undefined) files.set(program.name, readConfigFile(file, program.folder).values);
  }
  return files;
}
