import { findVerb } from '../arguments/find-verb.ts';
import { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import { readOptions } from '../arguments/read-options.ts';
import type { Cli } from '../arguments/verb.ts';
import { usageExitCode } from '../help/exit-codes.ts';
import { helpVerb } from './help-verb.ts';
import { versionVerb } from './version-verb.ts';

const helpFlags: ReadonlySet<string> = new Set(['--help', '-h']);
const versionFlags: ReadonlySet<string> = new Set(['--version', '-v', '-V']);

/** Runs the command line (without node and script); resolves with the exit code. */
export async function dispatch(words: readonly string[], cli: Cli): Promise<number> {
  const [first = ''] = words;
  try {
    return await obey(words, cli);
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const isKnown = cli.verbs.some(({ name }) => name === first);
    const help = isKnown ? `flotilla ${first} --help lists its options.` : 'flotilla --help lists all commands.';
    cli.stderr.write(`flotilla: ${error.message}\n${help}\n`);
    return usageExitCode;
  }
}

async function obey([first = '', ...rest]: readonly string[], cli: Cli): Promise<number> {
  if (versionFlags.has(first)) return versionVerb.run(readOptions(versionVerb, rest), cli);
  if (helpFlags.has(first)) return helpVerb.run(readOptions(helpVerb, rest), cli);
  if (first === '') throw new Mistake('Name a command, for example: flotilla up');
  if (first.startsWith('-')) {
    throw new Mistake(`A command comes before its options, for example: flotilla up ${first}`);
  }
  const verb = findVerb(first, cli.verbs);
  if (rest.some((word) => helpFlags.has(word))) return helpVerb.run(new Given([first], new Map()), cli);
  return verb.run(readOptions(verb, rest), cli);
}
