/** An object of a JSON document. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value if it is an object, else an empty one: documents of other people may have anything anywhere. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value if it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value if it is a text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** References followed in a row, at most. A longer chain refers to itself. */
const mostSteps = 20;

/** What is meant: where a value only refers to another place of the document, what is there. */
export function resolved(document: JsonObject, value: unknown): JsonObject {
  let found = objectOf(value);
  for (let step = 0; step < mostSteps; step++) {
    const reference = found['$ref'];
    if (typeof reference !== 'string') return found;
    // References to other files and addresses are not followed: the page fetches nothing from elsewhere.
    if (!reference.startsWith('#/')) return {};
    let target: unknown = document;
    for (const part of reference.slice(2).split('/')) target = memberOf(target, part);
    found = objectOf(target);
  }
  return {};
}

function memberOf(value: unknown, part: string): unknown {
  const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return Object.hasOwn(objectOf(value), name) ? objectOf(value)[name] : undefined;
}

/** The last part of a reference: the name of a schema. */
export function referredName(value: unknown): string | undefined {
  const reference = objectOf(value)['$ref'];
  return typeof reference === 'string' ? reference.split('/').at(-1) : undefined;
}
