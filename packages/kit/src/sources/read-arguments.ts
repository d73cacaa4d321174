import { parseArgs } from 'node:util';

/** The flags of a command line, with their dashes: `--server-port`. */
export interface KnownFlags {
  /** Those that have a value. */
  readonly valued: Iterable<string>;
  /** Those that stand alone. One with `=value` is given with that all the same. */
  readonly alone: Iterable<string>;
}

/** One thing that stands on a command line. */
export type Argument =
  | { readonly kind: 'flag'; readonly flag: string; readonly value: string }
  | { readonly kind: 'alone'; readonly flag: string; readonly value: string | undefined }
  /** No flag, or after `--`. */
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'unknown'; readonly flag: string }
  /** A flag that needs a value and has none, or an empty one; another flag is no value. */
  | { readonly kind: 'no-value'; readonly flag: string };

/** Takes a command line apart, in its order: `--flag=value`, `--flag value`, `--flag`, words. Whatever stands there is told. */
export function readArguments(argv: readonly string[], flags: KnownFlags): readonly Argument[] {
  const types = new Map<string, 'string' | 'boolean'>();
  for (const flag of flags.valued) types.set(flag, 'string');
  for (const flag of flags.alone) types.set(flag, 'boolean');
  const options = Object.fromEntries([...types].map(([flag, type]) => [flag.replace(/^-+/, ''), { type }]));
  // Not strict: what Node would say of mistakes knows nothing of what was meant.
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const found: Argument[] = [];
  let unknownAt = -1;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      found.push({ kind: 'word', word: token.value });
      continue;
    }
    const { rawName: flag, value, index, inlineValue } = token;
    const type = types.get(flag);
    if (type === undefined) {
      // Of `-abc` Node makes three; we have no flags of that kind, so it is one that does not exist.
      if (unknownAt !== index) found.push({ kind: 'unknown', flag: argv[index]?.split('=', 1)[0] ?? flag });
      unknownAt = index;
    } else if (type === 'boolean') {
      found.push({ kind: 'alone', flag, value });
    } else if (inlineValue === false && value?.startsWith('--') === true) {
      // Node has taken a flag for a value: from there on it is read again.
      return [...found, { kind: 'no-value', flag }, ...readArguments(argv.slice(index + 1), flags)];
    } else {
      found.push(value === undefined || value === '' ? { kind: 'no-value', flag } : { kind: 'flag', flag, value });
    }
  }
  return found;
}
