import { nearestName } from './nearest-name.ts';
import type { Settings } from './setting.ts';

/** The flags of a command line. */
export interface Flags {
  /** Values by setting name. */
  readonly values: ReadonlyMap<string, string>;
  /** What is no flag, in order; also everything after `--`. */
  readonly rest: readonly string[];
  /** Whether the person asks for something else than a start. */
  readonly asks: 'help' | 'print-config' | undefined;
  readonly problems: readonly string[];
}

/** The flag of a setting: `SERVER_PORT` is `--server-port`. */
export function flagName(settingName: string): string {
  return `--${settingName.toLowerCase().replaceAll('_', '-')}`;
}

/** Reads `--server-port=1`, `--server-port 1` and lone `--flag`s. `argv` is what stands after the program's name. */
export function readFlags(argv: readonly string[], settings: Settings): Flags {
  const names = new Map(Object.keys(settings).map((name) => [flagName(name), name]));
  names.set('--config-file', 'CONFIG_FILE');
  const values = new Map<string, string>();
  const rest: string[] = [];
  const problems: string[] = [];
  let asks: Flags['asks'];
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    if (argument === '--') {
      rest.push(...argv.slice(index + 1));
      break;
    }
    if (argument === '--help' || argument === '-h') asks = 'help';
    else if (argument === '--print-config') asks ??= 'print-config';
    else if (!argument.startsWith('-') || argument === '-') rest.push(argument);
    else index += readFlag(argument, argv[index + 1]);
  }
  return { values, rest, asks, problems };

  /** Returns how many further arguments were used up. */
  function readFlag(argument: string, next: string | undefined): 0 | 1 {
    const equals = argument.indexOf('=');
    const given = equals < 0 ? argument : argument.slice(0, equals);
    const name = names.get(given);
    if (name === undefined) {
      const near = nearestName(given, [...names.keys(), '--print-config', '--help']);
      problems.push(`${given}: no such flag.${near === undefined ? '' : ` Did you mean ${near}?`}`);
      return 0;
    }
    if (equals >= 0 && equals < argument.length - 1) {
      values.set(name, argument.slice(equals + 1));
      return 0;
    }
    if (equals < 0 && settings[name]?.standsAlone === true) {
      values.set(name, 'true');
      return 0;
    }
    if (equals < 0 && next !== undefined && next !== '' && !next.startsWith('--')) {
      values.set(name, next);
      return 1;
    }
    problems.push(`${given}: a value is missing. Write ${given}=${settings[name]?.example ?? '<value>'}`);
    return 0;
  }
}
