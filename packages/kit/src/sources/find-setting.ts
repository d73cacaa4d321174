import { variablePrefix } from './own-variables.ts';

/** Where a program's settings come from, apart from its command line. */
export interface Sources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What its config file sets, by the names of settings. Default: no file. */
  readonly file?: ReadonlyMap<string, string>;
}

/** A setting as it was written. */
export interface FoundSetting {
  /** Where it was found: in the variable of this program alone, in that of all programs, or in the program's file. */
  readonly place: 'own-variable' | 'variable' | 'file';
  readonly value: string;
  /** The name it was found under. */
  readonly name: string;
}

/**
 * Finds a setting of a program: its own variable overrides that of all programs, which overrides its file. An empty value
 * counts as unset. Every program uses this order, and so does everything that sets something for a program.
 */
export function findSetting(program: string, setting: string, { env, file }: Sources): FoundSetting | undefined {
  const own = `${variablePrefix(program)}${setting}`;
  const places: readonly (readonly [FoundSetting['place'], name: string, value: string | undefined])[] = [
    ['own-variable', own, env[own]],
    ['variable', setting, env[setting]],
    ['file', setting, file?.get(setting)],
  ];
  for (const [place, name, value] of places) if (value !== undefined && value !== '') return { place, name, value };
  return undefined;
}
