/** A field of a line: where it is in its structure, and what it holds. */
export interface LogField {
  readonly path: string;
  readonly text: string;
}

/** Fields that a row of the table shows beside its message: more would push the message away. */
const previewedFields = 4;

/** Characters of a field that a row shows. */
const previewedCharacters = 60;

/**
 * Every value of a line with its path, as deep as it lies: `err.cause.code`, `items.0.id`. An empty list or object is a value too, because
 * it says something.
 */
export function logFields(fields: Readonly<Record<string, unknown>>): readonly LogField[] {
  const found: LogField[] = [];
  const open: { readonly path: string; readonly value: unknown }[] = Object.entries(fields)
    .map(([path, value]) => ({ path, value }))
    .toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, value } = next;
    const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    if (inner.length === 0) found.push({ path, text: textOf(value) });
    for (const [name, item] of inner.toReversed()) open.push({ path: `${path}.${name}`, value: item });
  }
  return found;
}

/** The beginning of a line's fields, to be shown in one row. */
export function fieldsPreview(fields: Readonly<Record<string, unknown>>): readonly LogField[] {
  // Stack traces fill pages, and are in the details.
  const short = logFields(fields).filter(({ path }) => !/stack(?:trace)?$/.test(path));
  return short.slice(0, previewedFields).map(({ path, text }) => ({ path, text: shortened(text) }));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? String(value);
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > previewedCharacters ? `${line.slice(0, previewedCharacters)}…` : line;
}
