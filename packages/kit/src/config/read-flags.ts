import { nearestName, readArguments } from '../sources/index.ts';
import type { Settings } from './setting.ts';

/** The flags of a command line. */
export interface Flags {
  /** Values by setting name. */
  readonly values: ReadonlyMap<string, string>;
  /** The arguments that are not flags, in order, and everything after `--`. */
  readonly rest: readonly string[];
  /** Whether the user asks for something other than a start. */
  readonly asks: 'help' | 'print-config' | undefined;
  readonly problems: readonly string[];
}

/** The flag of a setting: `SERVER_PORT` is `--server-port`. */
export function flagName(settingName: string): string {
  return `--${settingName.toLowerCase().replaceAll('_', '-')}`;
}

const helpFlags: readonly string[] = ['--help', '-h'];
const printFlag = '--print-config';

/** Reads `--server-port=1`, `--server-port 1` and `--flag` without a value. `argv` is what follows the program's name. */
export function readFlags(argv: readonly string[], settings: Settings): Flags {
  const names = new Map([...Object.keys(settings), 'CONFIG_FILE'].map((name) => [flagName(name), name]));
  const [alone, valued] = partition([...names.keys()], (flag) => settings[names.get(flag) ?? '']?.standsAlone === true);
  const values = new Map<string, string>();
  const rest: string[] = [];
  const problems: string[] = [];
  let asks: Flags['asks'];
  for (const argument of readArguments(argv, { valued, alone: [...alone, ...helpFlags, printFlag] })) {
    switch (argument.kind) {
      case 'word':
        rest.push(argument.word);
        break;
      case 'flag':
        values.set(names.get(argument.flag) ?? '', argument.value);
        break;
      case 'alone':
        if (helpFlags.includes(argument.flag)) asks = 'help';
        else if (argument.flag === printFlag) asks ??= 'print-config';
        else values.set(names.get(argument.flag) ?? '', argument.value ?? 'true');
        break;
      case 'unknown': {
        const near = nearestName(argument.flag, [...names.keys(), printFlag, '--help']);
        problems.push(`${argument.flag}: no such flag.${near === undefined ? '' : ` Did you mean ${near}?`}`);
        break;
      }
      case 'no-value': {
        const { flag } = argument;
        const example = settings[names.get(flag) ?? '']?.example ?? '<value>';
        problems.push(`${flag}: needs a value. Write ${flag}=${example}`);
        break;
      }
      default:
        argument satisfies never;
    }
  }
  return { values, rest, asks, problems };
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): readonly [passed: T[], failed: T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
