import { type JsonObject, listOf, objectOf } from './json.ts';
import { merged } from './schema-text.ts';

/** How deep an example goes, in case a schema contains itself. */
const deepest = 6;

/**
 * A value that fits a schema, to begin with: what the document gives as an example, else the simplest of the type. Only fields that are
 * required, or have an example, are in it: those are what a first try needs.
 */
export function exampleValue(document: JsonObject, schema: unknown, depth = 0): unknown {
  const found = merged(document, schema);
  if (found['example'] !== undefined) return found['example'];
  const examples = listOf(found['examples']);
  for (const given of [examples[0], found['default'], found['const'], listOf(found['enum'])[0]]) {
    if (given !== undefined) return given;
  }
  const alternative = [...listOf(found['oneOf']), ...listOf(found['anyOf'])][0];
  if (depth >= deepest) return null;
  if (alternative !== undefined) return exampleValue(document, alternative, depth + 1);
  switch (typeOf(found)) {
    case 'object':
      return exampleObject(document, found, depth);
    case 'array':
      return found['items'] === undefined ? [] : [exampleValue(document, found['items'], depth + 1)];
    case 'integer':
    case 'number':
      return typeof found['minimum'] === 'number' ? found['minimum'] : 1;
    case 'boolean':
      return true;
    case 'string':
      return exampleText(found);
    default:
      return null;
  }
}

function exampleObject(document: JsonObject, schema: JsonObject, depth: number): JsonObject {
  const required = new Set(listOf(schema['required']));
  const fields = Object.entries(objectOf(schema['properties']));
  const wanted = fields.filter(([name, field]) => {
    const { example, examples } = objectOf(field);
    return required.has(name) || example !== undefined || examples !== undefined;
  });
  // All fields are optional, as those of a change: one of them shows how it is meant.
  const shown = wanted.length > 0 ? wanted : fields.slice(0, 1);
  return Object.fromEntries(shown.map(([name, field]) => [name, exampleValue(document, field, depth + 1)]));
}

function exampleText(schema: JsonObject): string {
  switch (schema['format']) {
    case 'date-time':
      return '2026-01-31T12:00:00Z';
    case 'date':
      return '2026-01-31';
    case 'uuid':
      return '123e4567-e89b-12d3-a456-426614174000';
    case 'email':
      return 'alice@example.com';
    case 'uri':
      return 'https://example.com/';
    default: {
      const least = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0;
      return 'text'.padEnd(Math.min(least, 200), 't');
    }
  }
}

function typeOf(schema: JsonObject): unknown {
  const type = schema['type'];
  if (Array.isArray(type)) return type.find((each) => each !== 'null');
  if (type !== undefined) return type;
  return schema['properties'] === undefined ? undefined : 'object';
}
