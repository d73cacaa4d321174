import { boundedText } from './printable-text.ts';
import { isSecretName } from './secret-name.ts';
import { serializeError } from './serialize-error.ts';

const maxDepth = 6;

/** The longest string in a line, in UTF-16 code units: enough for a usual path or header, too little to fill a disk. */
const maxTextLength = 2_000;

/** How many elements of a list, or fields of an object, are shown: nobody reads more. */
const maxElements = 100;

/** How many names to remember: a program's lines have a few dozen, and callers must not fill memory with others. */
const maxPlainNames = 1_000;

/** Remembers which names hold no secret: finding that out costs more than everything else done with a field. */
export class PlainNames {
  readonly #known = new Set<string>();

  /** Whether a field of this name holds no secret. */
  has(name: string): boolean {
    if (this.#known.has(name)) return true;
    if (isSecretName(name)) return false;
    if (this.#known.size < maxPlainNames) this.#known.add(name);
    return true;
  }
}

/** Names that the line already has: a field of the same name is renamed. */
export type TakenNames = ReadonlySet<string>;

const noNames: TakenNames = new Set();

/** The fields whose errors the logger serializes itself. */
export const errorFields: ReadonlySet<string> = new Set(['err', 'error', 'cause']);

/**
 * A copy of `fields` that is safe to log: every secret, at any depth, is replaced by `***`; strings and lists are limited; a
 * name that is `taken` gets a `_` at its end, since readers use either of two fields with one name. The errors of `errorFields`
 * are left to the logger's serializers.
 */
export function redact(
  fields: Readonly<Record<string, unknown>>,
  taken: TakenNames = noNames,
  plain: PlainNames = new PlainNames(),
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    copy[freeName(name, taken, fields)] =
      value instanceof Error && errorFields.has(name)
        ? value
        : plain.has(name) || value === undefined
          ? redactValue(value, 1)
          : '***';
  }
  return copy;
}

function freeName(name: string, taken: TakenNames, fields: Readonly<Record<string, unknown>>): string {
  if (!taken.has(name)) return name;
  let free = `${name}_`;
  while (taken.has(free) || Object.hasOwn(fields, free)) free += '_';
  return free;
}

function redacted(name: string, value: unknown, depth: number): unknown {
  return isSecretName(name) && value !== undefined ? '***' : redactValue(value, depth);
}

function redactObject(fields: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  const names = Object.keys(fields);
  for (const name of names.slice(0, maxElements)) copy[boundedText(name, 200)] = redacted(name, fields[name], depth);
  if (names.length > maxElements) copy['…'] = `${names.length - maxElements} more fields`;
  return copy;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return boundedText(value, maxTextLength);
  if (typeof value !== 'object' || value === null) return value;
  // As JSON it would be empty.
  if (value instanceof Error) return serializeError(value);
  // Anything deeper is a mistake or a cycle.
  if (depth > maxDepth) return '[…]';
  if (Array.isArray(value)) {
    const shown = value.slice(0, maxElements).map((item: unknown) => redactValue(item, depth + 1));
    return value.length > maxElements ? [...shown, `… ${value.length - maxElements} more`] : shown;
  }
  if (value instanceof Map || value instanceof Set) return redactValue([...value], depth);
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  // What it says of itself may have secrets as well, and may be of any size.
  if (saysItself(value)) return redactValue(value.toJSON(''), depth + 1);
  return redactObject(Object.fromEntries(Object.entries(value)), depth + 1);
}

function saysItself(value: object): value is { toJSON(key: string): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
