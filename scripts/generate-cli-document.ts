import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

const opening = `# Command line

<!-- Generated from what "flotilla help --json" prints by "npm run generate". Do not edit. -->

\`npx flotilla <command>\` in a project that has \`@flotilla/cli\` as a dependency, and in this repository after its first start.
\`npm start\` is \`flotilla up\`; its options go behind \`--\`: \`npm start -- --verbose\`.

Every command has \`--help\`. Those with \`--json\` print one JSON document, and nothing else, on stdout; what there is to say to a
person goes to stderr. Colours follow \`FORCE_COLOR\`, then \`NO_COLOR\`, then whether the output is a terminal.
`;

interface Option {
  readonly flag: string;
  readonly short?: string;
  readonly value?: string;
  readonly summary: string;
}

interface Command {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly words?: string;
  readonly options: readonly Option[];
  readonly examples: readonly { readonly line: string; readonly does: string }[];
}

interface Help {
  readonly commands: readonly Command[];
  readonly exitCodes: readonly { readonly code: number; readonly meaning: string }[];
}

/** The text of `docs/cli.md`. Asks the program itself, so it shows what there is. */
export function generateCliDocument(): string {
  const { commands, exitCodes } = readHelp();
  return [
    opening,
    table(
      ['command', 'what it does'],
      commands.map(({ name, summary }) => [`[\`${name}\`](#${name})`, summary]),
    ),
    ...commands.map(section),
    '## Exit codes\n',
    table(
      ['code', 'meaning'],
      exitCodes.map(({ code, meaning }) => [String(code), meaning]),
    ),
  ].join('\n');
}

function section({ name, summary, details, words, options, examples }: Command): string {
  const usage = ['flotilla', name, words, options.length > 0 ? '[options]' : undefined];
  const lines = examples.map(({ line, does }) => `${line}   # ${does}`);
  return [
    `## ${name}\n`,
    `\`${usage.filter((part) => part !== undefined).join(' ')}\`\n`,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.${details === undefined ? '' : ` ${proseOf(details)}`}\n`,
    ...(options.length === 0
      ? []
      : [
          table(
            ['option', 'what it does'],
            options.map(({ flag, short, value, summary: does }) => [
              `\`${[short, value === undefined ? flag : `${flag} ${value}`].filter((part) => part !== undefined).join('`, `')}\``,
              does,
            ]),
          ),
        ]),
    ...(lines.length === 0 ? [] : [`\`\`\`sh\n${lines.join('\n')}\n\`\`\`\n`]),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')}\n`;
}

function readHelp(): Help {
  const help = spawnSync(process.execPath, ['apps/cli/src/main.ts', 'help', '--json'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  if (help.status !== 0) throw new Error(`flotilla help --json failed:\n${help.stderr}`);
  // Printed by our own program, from a type that has these fields.
  return JSON.parse(help.stdout) as Help;
}

/** A help text as Markdown, where `<` would begin an element. */
function proseOf(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('\n', '\n\n');
}
