import type { ConfigSource } from './load-config.ts';
import { flagName } from './read-flags.ts';
import type { Setting, Settings } from './setting.ts';
import { showValue } from './show-value.ts';

/** What {@link describeConfig} shows. */
export interface DescribeOptions {
  readonly settings: Settings;
  readonly config: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, ConfigSource>>;
}

/** The table of `--print-config`: each setting, its value (secrets as `***`) and where it comes from. */
export function describeConfig(options: DescribeOptions): string {
  const shown = Object.entries(options.settings).filter(
    ([name, { listed }]) => listed || options.config[name] !== undefined,
  );
  const rows = shown.map(([name, setting]) => [
    name,
    showValue(options.config[name], setting.secret && options.config[name] !== undefined),
    options.sources[name] ?? 'unset',
  ]);
  return table([['SETTING', 'VALUE', 'FROM'], ...rows]);
}

/** The text of `--help`. */
export function describeSettings(options: { readonly program: string; readonly settings: Settings }): string {
  const listed = Object.entries(options.settings).filter(([, setting]) => setting.listed);
  const rows = listed.map(([name, setting]) => [
    `  ${flagName(name)}`,
    name,
    fallback(setting),
    `${setting.describe}${setting.expects === '' ? '' : ` (${setting.expects})`}${setting.live ? ' [live]' : ''}`,
  ]);
  const own = [
    [
      '  --config-file',
      'CONFIG_FILE',
      '(not set)',
      'JSON file of settings, for those set by neither a flag nor a variable',
    ],
    ['  --print-config', '', '', 'Show each setting, its value and where it comes from, without starting'],
    ['  --help', '', '', 'Show this help'],
  ];
  const usage = `Usage: ${options.program} [flags]\nA flag overrides its environment variable, which overrides central config, which overrides the config file.\nCentral config can change what is marked [live] while the program runs; other changes take effect at the next start.\n`;
  return `${usage}\n${table([['  FLAG', 'VARIABLE', 'DEFAULT', 'MEANING'], ...rows, ...own])}`;
}

function fallback(setting: Setting<unknown>): string {
  if (Array.isArray(setting.default) && setting.default.length === 0) return '(not set)';
  if (setting.default !== undefined) return showValue(setting.default, setting.secret);
  if (setting.derive !== undefined) return '(computed)';
  return setting.required ? '(required)' : '(not set)';
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
