import { findSetting, misnamedVariables, nearestName, readConfigFile } from '../sources/index.ts';
import { type Flags, flagName, readFlags } from './read-flags.ts';
import type { ConfigOf, Setting, Settings } from './setting.ts';
import { showValue } from './show-value.ts';

/** Where a value came from. `central`: central config. */
export type ConfigSource = 'flag' | 'environment' | 'central' | 'file' | 'default' | 'unset';

/** What {@link loadConfig} needs. */
export interface LoadOptions<S extends Settings> {
  /** The program's name, for the message and for the variables of this program alone (`USER_SERVICE__…`). */
  readonly program: string;
  readonly settings: S;
  /** Usually `process.env`. An empty variable counts as unset. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The arguments after the program's name: `process.argv.slice(2)`. */
  readonly argv: readonly string[];
  /** The folder that a relative `CONFIG_FILE` is relative to. Default: the working directory. */
  readonly cwd?: string | undefined;
}

/** A setting as it was written, and where. */
interface Given {
  readonly raw: string;
  readonly source: ConfigSource;
  /** The name it was written under. */
  readonly label: string;
}

/** What the command line, the variables and the file say: all that does not change while the program runs. */
export interface GivenConfig<S extends Settings> {
  readonly program: string;
  readonly settings: S;
  /** By the names of settings. */
  readonly given: ReadonlyMap<string, Given>;
  readonly problems: readonly string[];
  /** Arguments that are not flags. */
  readonly rest: readonly string[];
  /** Set if the user asked to see something rather than to start the program. */
  readonly asks: Flags['asks'];
}

/** A config, or one message with everything that is wrong with it. */
export type LoadResult<S extends Settings> =
  | {
      readonly ok: true;
      readonly config: ConfigOf<S>;
      readonly sources: Readonly<Record<string, ConfigSource>>;
      /** Arguments that are not flags. */
      readonly rest: readonly string[];
      /** Set if the user asked to see something rather than to start the program. */
      readonly asks: Flags['asks'];
    }
  | {
      readonly ok: false;
      readonly message: string;
      readonly asks: Flags['asks'];
      /** If nothing is wrong but that required settings are not set: their names. */
      readonly missing: readonly string[] | undefined;
      /** The values of all other settings that are valid. */
      readonly config: Partial<ConfigOf<S>>;
      readonly sources: Readonly<Record<string, ConfigSource>>;
    };

/**
 * Reads a program's settings: flag > the program's own variable > the variable of all programs > file > default. Never
 * throws and prints nothing: `message` has every mistake, so that the user can correct them all at once.
 */
export function loadConfig<const S extends Settings>(options: LoadOptions<S>): LoadResult<S> {
  return resolveConfig(readGivenConfig(options));
}

/** Reads what is written on the command line, in variables and in the file. Never throws and prints nothing. */
export function readGivenConfig<const S extends Settings>(options: LoadOptions<S>): GivenConfig<S> {
  const { program, settings, env } = options;
  const flags = readFlags(options.argv, settings);
  const problems = [...flags.problems];
  problems.push(...misnamedVariables(program, [...Object.keys(settings), 'CONFIG_FILE'], env));
  const path = flags.values.get('CONFIG_FILE') ?? findSetting(program, 'CONFIG_FILE', { env })?.value;
  const file =
    path === undefined ? { values: new Map<string, string>(), problems: [] } : readConfigFile(path, options.cwd);
  problems.push(...file.problems);
  for (const name of file.values.keys()) {
    if (Object.hasOwn(settings, name)) continue;
    const near = nearestName(name, Object.keys(settings));
    problems.push(`${name} (file ${path}): no such setting.${near === undefined ? '' : ` Did you mean ${near}?`}`);
  }
  const given = new Map<string, Given>();
  for (const name of Object.keys(settings)) {
    const flag = flags.values.get(name);
    const found = findSetting(program, name, { env, file: file.values });
    if (flag !== undefined) given.set(name, { raw: flag, source: 'flag', label: name });
    else if (found !== undefined) {
      const source = found.place === 'file' ? 'file' : 'environment';
      given.set(name, { raw: found.value, source, label: found.name });
    }
  }
  return { program, settings, given, problems, rest: flags.rest, asks: flags.asks };
}

/**
 * Decides each value: flag > variable > central config > file > default.
 *
 * @param central what central config says, by the names of settings; only values that have been read without a problem
 */
export function resolveConfig<const S extends Settings>(
  { program, settings, given, problems: givenProblems, rest, asks }: GivenConfig<S>,
  central: ReadonlyMap<string, string> = new Map(),
): LoadResult<S> {
  const problems = [...givenProblems];
  const missing: string[] = [];
  const values: Record<string, unknown> = {};
  const sources: Record<string, ConfigSource> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const found = strongest(given.get(name), central.get(name), name);
    if (found === undefined) {
      values[name] = setting.default;
      sources[name] = setting.default === undefined ? 'unset' : 'default';
      if (!setting.required) continue;
      missing.push(name);
      problems.push(`${name}: not set. Expected ${setting.expects}.${example(name, setting)}`);
      continue;
    }
    const reading = setting.read(found.raw);
    sources[name] = found.source;
    if (reading.ok) values[name] = reading.value;
    else {
      const shown = setting.secret ? 'the value (a secret, not shown)' : `"${showValue(found.raw, false)}"`;
      const where = found.source === 'flag' ? `flag ${flagName(name)}` : found.source;
      const { label } = found;
      const { expects = setting.expects } = reading;
      const expected = reading.problem.includes(expects) ? '' : ` Expected ${expects}.`;
      // What is expected of this very text has its own example.
      const shownExample = reading.expects === undefined ? example(label, setting) : '';
      problems.push(`${label} (${where}): ${shown} ${reading.problem}.${expected}${shownExample}`);
    }
  }
  // The loop has stored a value of the right type under each setting's name.
  const config = values as ConfigOf<S>;
  if (problems.length > missing.length) {
    return { ok: false, message: failure(program, problems), asks, missing: undefined, config, sources };
  }
  derive(settings, values, sources);
  if (missing.length > 0) return { ok: false, message: failure(program, problems), asks, missing, config, sources };
  return { ok: true, config, sources, rest, asks };
}

function strongest(given: Given | undefined, central: string | undefined, name: string): Given | undefined {
  if (central === undefined || (given !== undefined && given.source !== 'file')) return given;
  return { raw: central, source: 'central', label: name };
}

function derive(settings: Settings, values: Record<string, unknown>, sources: Record<string, ConfigSource>): void {
  for (const [name, setting] of Object.entries(settings)) {
    if (sources[name] !== 'unset' || setting.derive === undefined) continue;
    values[name] = setting.derive(values);
    if (values[name] !== undefined) sources[name] = 'default';
  }
}

function example(name: string, setting: Setting<unknown>): string {
  return setting.example === undefined ? '' : ` Example: ${name}=${setting.example}`;
}

function failure(program: string, problems: readonly string[]): string {
  const count = problems.length === 1 ? 'a setting is wrong' : `${problems.length} settings are wrong`;
  const lines = problems.map((problem) => `  - ${problem}`);
  return [`${program} cannot start: ${count}.`, ...lines, 'Run with --help to list all settings.', ''].join('\n');
}
