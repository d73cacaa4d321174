import { type JsonObject, listOf, objectOf, referredName, resolved, textOf } from './json.ts';

/** A field of a schema, as a row of a table. */
export interface SchemaRow {
  /** `items[].price`; empty for the value itself. */
  readonly path: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string | undefined;
  /** Limits, one by one: `at least 1`, in the words of JSON Schema. */
  readonly limits: readonly string[];
}

/** How deep rows go. Schemas may contain themselves, and nobody reads tables deeper than this. */
const deepest = 5;

const limitNames = [
  'default',
  'const',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
] as const;

/** The fields of a schema with their types and limits. */
export function schemaRows(document: JsonObject, schema: unknown): readonly SchemaRow[] {
  const rows: SchemaRow[] = [];
  const add = (value: unknown, path: string, isRequired: boolean, depth: number): void => {
    const found = merged(document, value);
    const description = textOf(found['description']);
    rows.push({ path, type: typeText(document, value), isRequired, description, limits: limitsOf(found) });
    if (depth >= deepest) return;
    const required = new Set(listOf(found['required']));
    for (const [name, field] of Object.entries(objectOf(found['properties']))) {
      add(field, path === '' ? name : `${path}.${name}`, required.has(name), depth + 1);
    }
    const items = merged(document, found['items']);
    if (isStructure(items)) {
      const inner = new Set(listOf(items['required']));
      for (const [name, field] of Object.entries(objectOf(items['properties']))) {
        add(field, `${path}[].${name}`, inner.has(name), depth + 1);
      }
    }
  };
  add(schema, '', true, 0);
  // The first row says of an object only that it is one.
  return rows.length > 1 && isStructure(merged(document, schema)) ? rows.slice(1) : rows;
}

/** The type of a schema in a few words: `string`, `User[]`, `"open" | "paid"`. */
export function typeText(document: JsonObject, value: unknown, depth = 0): string {
  const name = referredName(value);
  const schema = resolved(document, value);
  if (depth > deepest) return name ?? '…';
  const choices = listOf(schema['enum']);
  if (choices.length > 0) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  const alternatives = [...listOf(schema['oneOf']), ...listOf(schema['anyOf'])];
  if (alternatives.length > 0) {
    return [...new Set(alternatives.map((each) => typeText(document, each, depth + 1)))].join(' | ');
  }
  const types = [...listOf(schema['type']), textOf(schema['type'])].filter((type) => typeof type === 'string');
  if (types.includes('array')) {
    const inner = typeText(document, schema['items'], depth + 1);
    return inner.includes(' ') ? `(${inner})[]` : `${inner}[]`;
  }
  if (name !== undefined) return name;
  return types.length > 0
    ? types.join(' | ')
    : Object.keys(objectOf(schema['properties'])).length > 0
      ? 'object'
      : 'any';
}

/** A schema with what `allOf` adds to it. */
export function merged(document: JsonObject, value: unknown): JsonObject {
  const schema = resolved(document, value);
  const parts = listOf(schema['allOf']).map((part) => resolved(document, part));
  if (parts.length === 0) return schema;
  const all = [schema, ...parts];
  return {
    ...Object.fromEntries([...parts.toReversed(), schema].flatMap((part) => Object.entries(part))),
    properties: Object.fromEntries(all.flatMap((part) => Object.entries(objectOf(part['properties'])))),
    required: all.flatMap((part) => listOf(part['required'])),
  };
}

function isStructure(schema: JsonObject): boolean {
  return Object.keys(objectOf(schema['properties'])).length > 0;
}

function limitsOf(schema: JsonObject): readonly string[] {
  return limitNames.flatMap((name) => (schema[name] === undefined ? [] : [`${name} ${JSON.stringify(schema[name])}`]));
}
