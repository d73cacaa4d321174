import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import type { Program } from './fleet.ts';
import { type Problem, pathTo } from './option-reader.ts';

/** Files, folders and commands that programs need but this machine does not have. `searchPath`: the `PATH`. */
export function findMissing(programs: readonly Program[], searchPath: string): readonly Problem[] {
  return programs.flatMap((program) => {
    // Ours were found when the file was read.
    if (program.role !== 'service') return [];
    const place = pathTo('programs', program.name);
    if (kindOf(program.folder) !== 'folder')
      return [`${place}.folder: cannot find the folder ${program.folder}. Paths are relative to the fleet file.`];
    if (program.launch.kind === 'command') {
      const problem = commandProblem(program.launch.command, program.folder, program.env['PATH'] ?? searchPath);
      return problem === undefined ? [] : [`${place}.command: ${problem}`];
    }
    const { file } = program.launch;
    const kind = kindOf(file);
    if (kind === 'file') return [];
    const what = kind === 'folder' ? `${file} is a folder. Name the file to run.` : `cannot find the file ${file}.`;
    return [`${place}.run: ${what} Paths are relative to the fleet file.`];
  });
}

function commandProblem(command: string, folder: string, searchPath: string): string | undefined {
  // There, what can be run is a matter of the name's ending, and of a list of them.
  if (process.platform === 'win32') return undefined;
  if (command.includes('/')) {
    const file = path.resolve(folder, command);
    if (kindOf(file) !== 'file')
      return `cannot find the program ${file}. Paths are relative to the folder of the program.`;
    return isExecutable(file) ? undefined : `${file} is not executable. Run: chmod +x ${file}`;
  }
  const found = searchPath.split(path.delimiter).some((each) => {
    const file = path.resolve(folder, each, command);
    return kindOf(file) === 'file' && isExecutable(file);
  });
  if (found) return undefined;
  const hint = command.includes(' ') ? ' Write each argument as a string of its own.' : '';
  return `cannot find the program "${command}" on the PATH. Install it, or give its path.${hint}`;
}

function kindOf(file: string): 'file' | 'folder' | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  return stat.isDirectory() ? 'folder' : 'file';
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not for us.
    return false;
  }
}
