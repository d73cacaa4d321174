import { type FoundSetting, findSetting, variablePrefix } from '@flotilla/kit/sources';
import type { Program } from '../config/fleet.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a program of the fleet will find set. What nobody has set, the fleet may set; it never changes the rest. */
export class ProgramSettings {
  readonly prefix: string;
  readonly #program: string;
  readonly #env: Environment;
  readonly #file: ReadonlyMap<string, string>;

  /** `file`: what the program's config file sets, if it has one. */
  constructor(program: Program, env: Environment, file: ReadonlyMap<string, string> = new Map()) {
    this.prefix = variablePrefix(program.name);
    this.#program = program.name;
    this.#env = withOwn(program, this.prefix, env);
    this.#file = file;
  }

  /** The value the program will use, unless it takes its default. */
  find(name: string): FoundSetting | undefined {
    return findSetting(this.#program, name, { env: this.#env, file: this.#file });
  }

  /** The value, if somebody has set it for this program alone. */
  findOwn(name: string): string | undefined {
    const own = findSetting(this.#program, name, {
      env: { [`${this.prefix}${name}`]: this.#env[`${this.prefix}${name}`] },
      file: this.#file,
    });
    return own?.value;
  }
}

/** What the fleet's file sets for the program stands behind what somebody has set for it in a variable, and before all else. */
function withOwn({ env: own }: Program, prefix: string, env: Environment): Environment {
  const all: Record<string, string | undefined> = { ...env };
  for (const [name, value] of Object.entries(own)) {
    const variable = `${prefix}${name}`;
    if (all[variable] === undefined || all[variable] === '') all[variable] = value;
  }
  return all;
}
