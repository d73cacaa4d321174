import { textWidth } from '@flotilla/kit/text-width';
import type { Verb, VerbOption } from '../arguments/verb.ts';
import { wrapText } from '../output/wrap-text.ts';
import { exitCodes } from './exit-codes.ts';

const indent = '  ';

/** What `flotilla --help` prints. */
export function overallHelp(verbs: readonly Verb[], columns: number): string {
  const example = verbs.flatMap(({ examples }) => examples.slice(0, 1)).slice(0, 6);
  return [
    'flotilla <command> [options]',
    '',
    'Commands',
    ...twoColumns(
      verbs.map(({ name, summary }) => [name, summary]),
      columns,
    ),
    '',
    'Examples',
    ...twoColumns(
      example.map(({ line, does }) => [line, does]),
      columns,
    ),
    '',
    ...wrapText(
      'For more about a command, run "flotilla <command> --help". A fleet is found from any folder of its project.',
      columns,
    ),
    '',
    ...codes(columns),
    '',
  ].join('\n');
}

/** What `flotilla <verb> --help` prints. */
export function verbHelp(verb: Verb, columns: number): string {
  const { name, summary, details, words, options, examples } = verb;
  const usage = ['flotilla', name, words?.usage, options.length > 0 ? '[options]' : undefined];
  return [
    usage.filter((part) => part !== undefined).join(' '),
    '',
    ...wrapText(`${sentence(summary)}${details === undefined ? '' : ` ${details}`}`, columns),
    '',
    'Options',
    ...twoColumns(
      [...options.map((option) => [optionText(option), option.summary] as const), ['--help', 'show this'] as const],
      columns,
    ),
    ...(examples.length === 0 ? [] : ['', 'Examples']),
    ...twoColumns(
      examples.map(({ line, does }) => [line, does]),
      columns,
    ),
    '',
    ...codes(columns),
    '',
  ].join('\n');
}

function codes(columns: number): string[] {
  return [
    'Exit codes',
    ...twoColumns(
      exitCodes.map(([code, meaning]) => [String(code), meaning]),
      columns,
    ),
  ];
}

/** An option as it is written, with what its value is. */
function optionText({ flag, short, value }: VerbOption): string {
  const names = short === undefined ? flag : `${short}, ${flag}`;
  return value === undefined ? names : `${names} ${value}`;
}

/** A summary as a sentence of its own. */
function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

/** Names with what they mean beside them; below them where the terminal is narrow. */
function twoColumns(rows: readonly (readonly [name: string, meaning: string])[], columns: number): string[] {
  const nameWidth = Math.max(...rows.map(([name]) => textWidth(name)), 0);
  const left = indent.length + nameWidth + 2;
  const beside = columns - left >= 28;
  return rows.flatMap(([name, meaning]) => {
    if (!beside) return [`${indent}${name}`, ...wrapText(meaning, columns - 6).map((line) => `      ${line}`)];
    return wrapText(meaning, columns - left).map(
      (line, index) => `${indent}${(index === 0 ? name : '').padEnd(nameWidth)}  ${line}`,
    );
  });
}
