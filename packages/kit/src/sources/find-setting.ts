import { variablePrefix } from './own-variables.ts';

/** What is set for a program by others than its command line. */
export interface Sources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What its config file sets, by the names of settings. Default: it has none. */
  readonly file?: ReadonlyMap<string, string>;
}

/** A setting as somebody has written it. */
export interface FoundSetting {
  /** Where it stands: in the variable for this program alone, in the one for all, in the program's file. */
  readonly place: 'own-variable' | 'variable' | 'file';
  readonly value: string;
  /** The name it stands under. */
  readonly name: string;
}

/**
 * A setting of a program: the variable for it alone comes before the one for all, and that before its file. An empty value
 * counts as none. This is the order of every program, and of whoever sets something for one.
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
