import { findSetting, misnamedVariables, nearestName, readConfigFile, type Sources } from '../sources/index.ts';
import { type Flags, flagName, readFlags } from './read-flags.ts';
import type { ConfigOf, Setting, Settings } from './setting.ts';
import { showValue } from './show-value.ts';

/** Where a value came from. */
export type ConfigSource = 'flag' | 'environment' | 'file' | 'default' | 'unset';

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
  | { readonly ok: false; readonly message: string; readonly asks: Flags['asks'] };

/**
 * Reads a program's settings: flag > the program's own variable > the variable of all programs > file > default. Never
 * throws and prints nothing: `message` has every mistake, so that the user can correct them all at once.
 */
export function loadConfig<const S extends Settings>(options: LoadOptions<S>): LoadResult<S> {
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

  const values: Record<string, unknown> = {};
  const sources: Record<string, ConfigSource> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const found = find(program, name, flags.values, { env, file: file.values });
    if (found === undefined) {
      values[name] = setting.default;
      sources[name] = setting.default === undefined ? 'unset' : 'default';
      if (setting.required) problems.push(`${name}: not set. Expected ${setting.expects}.${example(name, setting)}`);
      continue;
    }
    const reading = setting.read(found.raw);
    sources[name] = found.source;
    if (reading.ok) values[name] = reading.value;
    else {
      const given = setting.secret ? 'the value (a secret, not shown)' : `"${showValue(found.raw, false)}"`;
      const where = found.source === 'flag' ? `flag ${flagName(name)}` : found.source;
      const expected = reading.problem.includes(setting.expects) ? '' : ` Expected ${setting.expects}.`;
      const { label } = found;
      problems.push(`${label} (${where}): ${given} ${reading.problem}.${expected}${example(label, setting)}`);
    }
  }
  if (problems.length > 0) return { ok: false, message: failure(program, problems), asks: flags.asks };
  derive(settings, values, sources);
  // The loop has stored a value of the right type under each setting's name.
  return { ok: true, config: values as ConfigOf<S>, sources, rest: flags.rest, asks: flags.asks };
}

function find(
  program: string,
  name: string,
  flags: ReadonlyMap<string, string>,
  sources: Sources,
): { readonly raw: string; readonly source: ConfigSource; readonly label: string } | undefined {
  const flag = flags.get(name);
  if (flag !== undefined) return { raw: flag, source: 'flag', label: name };
  const found = findSetting(program, name, sources);
  if (found === undefined) return undefined;
  return { raw: found.value, source: found.place === 'file' ? 'file' : 'environment', label: found.name };
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
