import { parseArgs } from 'node:util';

/** The flags of a command line, with their dashes: `--server-port`. */
export interface KnownFlags {
  /** Flags with a value. */
  readonly valued: Iterable<string>;
  /** Flags without a value. One written with `=value` is still reported with it. */
  readonly alone: Iterable<string>;
}

/** One element of a command line. */
export type Argument =
  | { readonly kind: 'flag'; readonly flag: string; readonly value: string }
  | { readonly kind: 'alone'; readonly flag: string; readonly value: string | undefined }
  /** Not a flag, or after `--`. */
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'unknown'; readonly flag: string }
  /** A flag that needs a value and has none, or an empty one; another flag does not count as a value. */
  | { readonly kind: 'no-value'; readonly flag: string };

/** Splits a command line, in order: `--flag=value`, `--flag value`, `--flag`, words. Nothing is left out. */
export function readArguments(argv: readonly string[], flags: KnownFlags): readonly Argument[] {
  const types = new Map<string, 'string' | 'boolean'>();
  for (const flag of flags.valued) types.set(flag, 'string');
  for (const flag of flags.alone) types.set(flag, 'boolean');
  const options = Object.fromEntries([...types].map(([flag, type]) => [flag.replace(/^-+/, ''), { type }]));
  // Not strict: Node's own messages about mistakes could not suggest what was meant.
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
      // Node splits `-abc` into three flags; we have none of that kind, so we report it as one unknown flag.
      if (unknownAt !== index) found.push({ kind: 'unknown', flag: argv[index]?.split('=', 1)[0] ?? flag });
      unknownAt = index;
    } else if (type === 'boolean') {
      found.push({ kind: 'alone', flag, value });
    } else if (inlineValue === false && value?.startsWith('--') === true) {
      // Node took a flag for a value: read it again from there.
      return [...found, { kind: 'no-value', flag }, ...readArguments(argv.slice(index + 1), flags)];
    } else {
      found.push(value === undefined || value === '' ? { kind: 'no-value', flag } : { kind: 'flag', flag, value });
    }
  }
  return found;
}
