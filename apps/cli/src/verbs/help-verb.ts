import { findVerb } from '../arguments/find-verb.ts';
import { jsonOption, type Verb } from '../arguments/verb.ts';
import { describeVerbs } from '../help/described-verbs.ts';
import { overallHelp, verbHelp } from '../help/verb-help.ts';
import { widthOf } from '../help/width-of.ts';

export const helpVerb: Verb = {
  name: 'help',
  summary: 'list all commands, or explain one',
  words: { usage: '[command]', atLeast: 0, atMost: 1, completes: 'verbs' },
  options: [jsonOption],
  examples: [{ line: 'flotilla help up', does: 'the same as flotilla up --help' }],
  async run(given, { verbs, stdout }) {
    const [name] = given.words;
    const about = name === undefined ? undefined : findVerb(name, verbs);
    if (given.has('--json')) {
      stdout.write(`${JSON.stringify(describeVerbs(about === undefined ? verbs : [about]), undefined, 2)}\n`);
    } else {
      const columns = widthOf(stdout);
      stdout.write(about === undefined ? overallHelp(verbs, columns) : verbHelp(about, columns));
    }
    return 0;
  },
};
