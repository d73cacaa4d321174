/** The forms in which generated code writes a name: `orderLine`, `OrderLine`, `order-lines` and so on. */
export interface ResourceName {
  /** `order-line`: folders, files, paths. */
  readonly kebab: string;
  /** `order-lines`: the path of the list. */
  readonly kebabs: string;
  /** `orderLine` and `orderLines`: values. */
  readonly camel: string;
  readonly camels: string;
  /** `OrderLine` and `OrderLines`: types. */
  readonly pascal: string;
  readonly pascals: string;
  /** `ORDER_LINE`: error codes. */
  readonly upper: string;
  /** `order_lines`: the table. */
  readonly snakes: string;
  /** `order line` and `order lines`: sentences. */
  readonly words: string;
  readonly wordsPlural: string;
}

/** A name, or why it is invalid. */
export type NameReading =
  | { readonly ok: true; readonly name: ResourceName }
  | { readonly ok: false; readonly problem: string };

/** Long enough for any real name; the service's own name, with `-service`, stays below a DNS label's 63. */
const longestName = 40;

/** Names under which the platform's own programs run. */
const taken = new Set(['gateway', 'registry', 'service', 'service-registry', 'fleet', 'flotilla']);

/** Words that JavaScript keeps for itself: a value can't have such a name. */
const reserved = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof undefined var void while with yield arguments eval'
  ).split(' '),
);

/**
 * Reads what somebody calls a service: words in lower case, joined by hyphens. A trailing `-service` is left away, since
 * the service is named after what it keeps.
 */
export function readResourceName(text: string): NameReading {
  const bare = text.trim().replace(/-service$/, '');
  const suggestion = suggest(bare);
  const problem = problemOf(bare);
  if (problem !== undefined) {
    const hint = suggestion === undefined || suggestion === bare ? '' : ` Try "${suggestion}".`;
    return { ok: false, problem: `"${printable(text)}" cannot be a name: ${problem}.${hint}` };
  }
  const words = bare.split('-');
  const plural = [...words.slice(0, -1), pluralOf(words.at(-1) ?? '')];
  const camel = camelOf(words);
  const camels = camelOf(plural);
  return {
    ok: true,
    name: {
      kebab: bare,
      kebabs: plural.join('-'),
      camel,
      camels,
      pascal: capital(camel),
      pascals: capital(camels),
      upper: words.join('_').toUpperCase(),
      snakes: plural.join('_'),
      words: words.join(' '),
      wordsPlural: plural.join(' '),
    },
  };
}

function problemOf(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (name.length > longestName) return `it is longer than ${longestName} characters`;
  if (!/^[a-zA-Z]/.test(name)) return 'it must begin with a letter from a to z';
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    return 'use letters from a to z, digits, and single hyphens between words, for example order-line';
  }
  if (taken.has(name)) return 'a program of the platform has this name';
  if (reserved.has(camelOf(name.split('-')))) return 'it is a reserved word of JavaScript';
  return undefined;
}

/** The nearest name that is allowed; undefined if nothing is left of it. */
function suggest(text: string): string | undefined {
  const near = text
    .normalize('NFKD')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, longestName)
    .replace(/-+$/, '');
  return problemOf(near) === undefined ? near : undefined;
}

/** As English makes it in the regular case. What is irregular is easily renamed in the code that was written. */
function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

function camelOf(words: readonly string[]): string {
  return words.map((word, at) => (at === 0 ? word : capital(word))).join('');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The text as a message may show it: control characters could play tricks on a terminal. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?').slice(0, 60);
}
