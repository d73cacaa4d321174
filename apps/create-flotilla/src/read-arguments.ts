import { parseArgs } from 'node:util';

/** The options of `npm create flotilla`. */
export type Wish =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string }
  | {
      readonly kind: 'create';
      readonly folder: string;
      /** What the first service keeps, in the singular. */
      readonly service: string;
      /** Whether the dependencies are installed right away. */
      readonly install: boolean;
    };

/** The text of `--help`. */
export const usage = `npm create flotilla <folder> [-- options]    create a project: a fleet with a service of your own

Options (npm needs "--" before them)
  --service <name>   what your first service keeps, in the singular (default: note)
  --no-install       do not install the dependencies now
  --help

Examples
  npm create flotilla my-fleet
  npm create flotilla bookshop -- --service book

Exit codes: 0 done, 1 the project was made but its dependencies were not installed, 64 the command is wrong.
`;

/** The default resource of the first service. */
const defaultService = 'note';

/** Reads the command line, without node and script. */
export function readArguments(words: readonly string[]): Wish {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        service: { type: 'string' },
        'no-install': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    const [folder, ...more] = positionals;
    if (folder === undefined || folder.trim() === '') {
      return mistake('Name the folder of your project, for example: npm create flotilla my-fleet');
    }
    if (more.length > 0) {
      return mistake(
        `Name only one folder, but there is also "${more[0]}". Options need "--" before them: npm create flotilla my-fleet -- --service book`,
      );
    }
    return {
      kind: 'create',
      folder,
      service: values.service ?? defaultService,
      install: values['no-install'] !== true,
    };
  } catch (error) {
    // Only the first sentence: what Node says after it is for command lines that take values beginning with a dash.
    const said = error instanceof Error ? error.message.replace(/\.? ?(?:To specify|\n)[^]*/, '') : String(error);
    return mistake(`${said.replace(/\.$/, '')}. "npm create flotilla -- --help" lists the options.`);
  }
}

function mistake(message: string): Wish {
  return { kind: 'mistake', message };
}
