import { nearestName, readArguments } from '@flotilla/kit/sources';
import { Given } from './given.ts';
import { Mistake } from './mistake.ts';
import type { Verb, VerbOption } from './verb.ts';

/** Options of every verb, handled before the verb is read. */
const everywhere: readonly VerbOption[] = [{ flag: '--help', summary: '' }];

/** Reads the words and options after a verb. Throws a {@link Mistake} for the first one that is wrong. */
export function readOptions(verb: Verb, rest: readonly string[]): Given {
  const options = [...verb.options, ...everywhere];
  const flags = {
    valued: options.filter(({ value }) => value !== undefined).map(({ flag }) => flag),
    alone: options.filter(({ value }) => value === undefined).map(({ flag }) => flag),
  };
  const words: string[] = [];
  const values = new Map<string, string[]>();
  const long = rest.map((word) => options.find(({ short }) => short === word)?.flag ?? word);
  for (const argument of readArguments(long, flags)) {
    switch (argument.kind) {
      case 'flag':
        values.set(argument.flag, [...(values.get(argument.flag) ?? []), argument.value]);
        break;
      case 'alone':
        if (argument.value !== undefined) throw new Mistake(`${argument.flag} takes no value.`);
        values.set(argument.flag, []);
        break;
      case 'word':
        words.push(argument.word);
        break;
      case 'unknown':
        throw new Mistake(`Unknown option ${argument.flag}.${didYouMean(argument.flag, options)}`);
      case 'no-value': {
        const example = options.find(({ flag }) => flag === argument.flag)?.example ?? '';
        throw new Mistake(`${argument.flag} needs a value, such as ${argument.flag} ${example}`);
      }
      default:
        argument satisfies never;
    }
  }
  checkWords(verb, words);
  return new Given(words, values);
}

function didYouMean(flag: string, options: readonly VerbOption[]): string {
  const meant = nearestName(
    flag,
    options.map((option) => option.flag),
  );
  return meant === undefined ? '' : ` Did you mean ${meant}?`;
}

function checkWords({ name, words }: Verb, found: readonly string[]): void {
  const { atLeast = 0, atMost = 0, missing = '' } = words ?? {};
  if (found.length < atLeast) throw new Mistake(missing);
  const surplus = found[atMost];
  if (surplus === undefined) return;
  const hint = atMost === 0 ? 'Options begin with "--"' : `It takes ${atMost === 1 ? 'one word' : `${atMost} words`}`;
  const npm = name === 'up' ? ', and under npm they come after a "--" of their own: npm start -- --verbose' : '.';
  throw new Mistake(`"${surplus}" is not expected here. ${hint}${npm}`);
}
