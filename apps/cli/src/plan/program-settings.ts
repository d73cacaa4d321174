import type { Program } from './programs.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `USER_SERVICE__` for `user-service`: what a setting for this program alone begins with. */
export function settingPrefix(program: string): string {
  return `${program.toUpperCase().replaceAll('-', '_')}__`;
}

/** Where a setting of a program stands, in the order in which the program itself looks for it. */
export type SettingPlace = 'own-variable' | 'variable' | 'file';

/** What a program of the fleet will find set. What nobody has set, the fleet may set; it never changes the rest. */
export class ProgramSettings {
  readonly prefix: string;
  readonly #env: Environment;
  readonly #file: ReadonlyMap<string, string>;

  /** `file`: what the program's config file sets, if it has one. */
  constructor(program: Program, env: Environment, file: ReadonlyMap<string, string> = new Map()) {
    this.prefix = settingPrefix(program.name);
    this.#env = env;
    this.#file = file;
  }

  /** The value the program will use, unless it takes its default. An empty one counts as none. */
  find(name: string): { readonly place: SettingPlace; readonly value: string } | undefined {
    const found: readonly (readonly [SettingPlace, string | undefined])[] = [
      ['own-variable', this.#env[`${this.prefix}${name}`]],
      ['variable', this.#env[name]],
      ['file', this.#file.get(name)],
    ];
    for (const [place, value] of found) if (value !== undefined && value !== '') return { place, value };
    return undefined;
  }

  /** The value, if somebody has set it for this program alone. */
  findOwn(name: string): string | undefined {
    const found = this.find(name);
    return found === undefined || found.place === 'variable' ? this.#file.get(name) || undefined : found.value;
  }
}
