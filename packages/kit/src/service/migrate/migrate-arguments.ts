import { describeSettings, flagName, type Settings } from '../../config/index.ts';
import type { MigrationTarget } from '../../database/index.ts';
import { nearestName, readArguments } from '../../sources/index.ts';

/** What `migrate` can do. */
const verbs = ['status', 'up', 'down'] as const;
type MigrateVerb = (typeof verbs)[number];

/** What a command line of `migrate` asks for. `settings`: its flags of settings. */
export type MigrateRequest =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string }
  | {
      readonly kind: 'run';
      readonly verb: MigrateVerb;
      readonly target: MigrationTarget;
      readonly dryRun: boolean;
      readonly json: boolean;
      readonly settings: readonly string[];
    };

const own = { valued: ['--to', '--steps'], alone: ['--dry-run', '--json', '--help', '-h'] } as const;

/** Reads what follows the word `migrate`. `ids`: those of the program's migrations. */
export function readMigrateArguments(
  argv: readonly string[],
  settings: Settings,
  ids: readonly string[],
): MigrateRequest {
  const names = [...Object.keys(settings), 'CONFIG_FILE'];
  const isAlone = (name: string): boolean => settings[name]?.standsAlone === true;
  const valued = [...own.valued, ...names.filter((name) => !isAlone(name)).map(flagName)];
  const alone = [...own.alone, ...names.filter(isAlone).map(flagName)];
  const words: string[] = [];
  const given = new Map<string, string>();
  const forSettings: string[] = [];
  for (const argument of readArguments(argv, { valued, alone })) {
    switch (argument.kind) {
      case 'word':
        words.push(argument.word);
        break;
      case 'flag':
      case 'alone': {
        const { flag, value } = argument;
        if ([...own.valued, ...own.alone].some((name) => name === flag)) given.set(flag, value ?? '');
        else forSettings.push(value === undefined ? flag : `${flag}=${value}`);
        break;
      }
      case 'unknown': {
        const near = nearestName(argument.flag, [...valued, ...alone]);
        return mistake(`There is no flag ${argument.flag}.${near === undefined ? '' : ` Did you mean ${near}?`}`);
      }
      case 'no-value':
        return mistake(
          `${argument.flag} needs a value: ${argument.flag} ${argument.flag === '--steps' ? '2' : '<value>'}.`,
        );
      default:
        argument satisfies never;
    }
  }
  if (given.has('--help') || given.has('-h')) return { kind: 'help' };
  const [word, more] = words;
  const verb = verbs.find((one) => one === word);
  if (verb === undefined)
    return mistake(word === undefined ? 'Say what to do: status, up or down.' : unknownVerb(word));
  if (more !== undefined) return mistake(`"${more}" is one word too many.`);
  const target = targetOf(verb, given, ids);
  if ('message' in target) return target;
  const dryRun = given.has('--dry-run');
  if (verb === 'status' && dryRun) return mistake('--dry-run belongs to up and down; status changes nothing.');
  return { kind: 'run', verb, target, dryRun, json: given.has('--json'), settings: forSettings };
}

function unknownVerb(word: string): string {
  const near = nearestName(word, verbs);
  return `"${word}" is none of status, up and down.${near === undefined ? '' : ` Did you mean ${near}?`}`;
}

function targetOf(
  verb: MigrateVerb,
  given: ReadonlyMap<string, string>,
  ids: readonly string[],
): MigrationTarget | Extract<MigrateRequest, { kind: 'mistake' }> {
  const to = given.get('--to');
  const steps = given.get('--steps');
  if (verb === 'status' && (to ?? steps) !== undefined) return mistake('--to and --steps belong to up and down.');
  if (to !== undefined && steps !== undefined) return mistake('Use --to or --steps, not both.');
  if (steps !== undefined) {
    if (!/^[1-9]\d{0,8}$/.test(steps)) return mistake(`--steps is a whole number from 1, not "${steps}".`);
    return { kind: 'steps', steps: Number(steps) };
  }
  if (to !== undefined) {
    if (verb === 'down' && to === 'none') return { kind: 'to', id: undefined };
    // The number at its beginning is enough.
    const matching = ids.filter((id) => id === to || id.startsWith(`${to}-`));
    const [id] = matching;
    if (id === undefined || matching.length > 1) {
      const none = verb === 'down' ? ', or none' : '';
      return mistake(`--to: there is no migration "${to}". There are ${ids.join(', ')}${none}.`);
    }
    return { kind: 'to', id };
  }
  // Whoever wants to take back everything has to say so: it deletes data.
  return verb === 'down' ? { kind: 'steps', steps: 1 } : { kind: 'all' };
}

function mistake(message: string): Extract<MigrateRequest, { kind: 'mistake' }> {
  return { kind: 'mistake', message };
}

/** The text of `migrate --help`. `settings`: those of the database. */
export function migrateHelp(program: string, settings: Settings): string {
  const [, table = ''] = describeSettings({ program, settings }).split('\n\n');
  // The others belong to the program itself.
  const flags = table.split('\n').filter((line) => !/^ {2}--(?:print-config|help|database-migrate) /.test(line));
  return `Usage: ${program} migrate status|up|down [flags]

  status          Show which migrations the database has, and which are missing
  up              Apply missing migrations
  down            Take back the last migration

  --to <id>       up: the last migration to apply; down: the last one that stays, or none
  --steps <n>     How many migrations to apply or to take back
  --dry-run       Print the SQL, and change nothing
  --json          Print JSON

Exit codes:
  0   done, or nothing to do
  3   status has found missing migrations
  64  the command line is wrong
  69  the database does not answer, or others keep it locked: try again
  78  something has to be corrected first

Settings, as for a start:

${flags.join('\n')}`;
}
