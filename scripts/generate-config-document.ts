import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { packageTable } from './rules/package-table.ts';

const root = join(import.meta.dirname, '..');

const opening = `# Configuration

<!-- Generated from what each program prints with --help by "npm run generate". Do not edit. -->

Every setting is an environment variable, a flag and an entry of a JSON file that \`CONFIG_FILE\` names. The flag of \`SERVER_PORT\` is
\`--server-port\`, and so on. A flag wins over a variable, a variable over [central configuration](guides/central-configuration.md),
that over the file, the file over the default. Central configuration can change what is marked [live] while the program runs.

If some settings are wrong, the program names them all, starts nothing and exits with 78. \`--print-config\` shows each value and where it
comes from; secrets are shown as \`***\`. \`{program}\` stands for the name of the program.
`;

/** One setting of one program, as its \`--help\` shows it. */
interface SettingRow {
  readonly variable: string;
  readonly fallback: string;
  readonly meaning: string;
}

interface Program {
  readonly name: string;
  readonly rows: readonly SettingRow[];
}

/** Apps that a person runs by hand, and that have flags instead of settings. */
const commands = ['cli', 'create-flotilla'];

/** The text of `docs/config.md`. Asks the programs themselves, so it shows what they accept, not what somebody meant. */
export function generateConfigDocument(): string {
  const programs = globSync('apps/*/src/main.ts', { cwd: root })
    .map((path) => basename(dirname(dirname(path))))
    // Services that were added here have their own documents.
    .filter((name) => !commands.includes(name) && packageTable[`apps/${name}`] !== undefined)
    .sort()
    .map((name) => ({ name, rows: settingsOf(name) }));
  const shared = (programs[0]?.rows ?? []).filter(({ variable }) =>
    programs.every(({ rows }) => rows.some((row) => row.variable === variable)),
  );
  return [
    opening,
    `## Every program\n\n${table(shared.map((row) => ({ ...row, fallback: fallbacks(row, programs) })))}`,
    ...programs.map((program) => {
      // What all have can still mean something else in one.
      const own = program.rows.filter(
        (row) => !shared.some(({ variable, meaning }) => variable === row.variable && meaning === row.meaning),
      );
      return `## ${program.name}\n\n${own.length === 0 ? 'No settings of its own.\n' : table(own)}`;
    }),
  ].join('\n');
}

/** The one default, or each program's where they differ. */
function fallbacks(row: SettingRow, programs: readonly Program[]): string {
  const each = programs.map(({ name, rows }) => [
    name,
    rows.find(({ variable }) => variable === row.variable)?.fallback,
  ]);
  if (new Set(each.map(([, fallback]) => fallback)).size === 1) return row.fallback;
  return each.map(([name, fallback]) => `${name}: ${fallback}`).join(', ');
}

function table(rows: readonly SettingRow[]): string {
  const lines = rows.map(
    ({ variable, fallback, meaning }) => `| \`${variable}\` | ${fallback} | ${meaning.replaceAll('|', '\\|')} |`,
  );
  return `| variable | default | meaning |\n|---|---|---|\n${lines.join('\n')}\n`;
}

function settingsOf(name: string): SettingRow[] {
  const help = spawnSync(process.execPath, [`apps/${name}/src/main.ts`, '--help'], {
    cwd: root,
    encoding: 'utf8',
    // Only what is needed to start Node: the defaults shown must not depend on who generates.
    env: { PATH: process.env['PATH'] },
  });
  if (help.status !== 0) throw new Error(`apps/${name} --help failed:\n${help.stderr}`);
  const lines = help.stdout.split('\n');
  const header = lines.findIndex((line) => line.trimStart().startsWith('FLAG'));
  const columns = ['FLAG', 'VARIABLE', 'DEFAULT', 'MEANING'].map((title) => lines[header]?.indexOf(title) ?? -1);
  if (columns.includes(-1)) throw new Error(`apps/${name} --help has no table of settings`);
  // Written generally, each program's database file is the same; and no document knows where it was generated.
  const cell = (line: string, index: number): string =>
    line
      .slice(columns[index], columns[index + 1])
      .trim()
      .replaceAll(`data/${name}.db`, 'data/{program}.db')
      .replaceAll(`${root}/`, '');
  for (const line of lines.slice(header + 1)) {
    const flag = `--${cell(line, 1).toLowerCase().replaceAll('_', '-')}`;
    if (cell(line, 1) !== '' && cell(line, 0) !== flag)
      throw new Error(`${line}: the document says that the flag is ${flag}`);
  }
  return lines
    .slice(header + 1)
    .map((line) => ({
      variable: cell(line, 1),
      fallback: asCode(cell(line, 2)),
      meaning: cell(line, 3),
    }))
    .filter(({ variable }) => variable !== '');
}

/** What is in parentheses says why there is no value. */
function asCode(fallback: string): string {
  return fallback.startsWith('(') ? fallback : `\`${fallback}\``;
}
