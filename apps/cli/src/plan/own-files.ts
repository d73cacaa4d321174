import { ProgramSettings } from './program-settings.ts';
import type { Program } from './programs.ts';

/**
 * What the programs' config files set, as far as they can be read; what is wrong with them is for the programs to say.
 * `root`: where the programs run.
 */
export async function readOwnFiles(
  programs: readonly Program[],
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const files = new Map<string, ReadonlyMap<string, string>>();
  for (const program of programs) {
    const file = new ProgramSettings(program, env).find('CONFIG_FILE')?.value;
    if (file === undefined) continue;
    // Loaded only now: a supervisor of programs without such files does not need the kit.
    const { readConfigFile } = await import('@flotilla/kit/config');
    files.set(program.name, readConfigFile(file, root).values);
  }
  return files;
}
