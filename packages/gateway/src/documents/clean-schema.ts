import { isJsonObject, type JsonObject } from '@flotilla/kit/openapi';
import { type Budget, cleanText, mapMembers, present, readReference } from './clean-parts.ts';

/** Deeper schemas are any value: nobody reads them, and walking them could take long. */
const maxDepth = 24;
const mostMembers = 500;

const texts = ['title', 'description', 'format', 'pattern', 'contentEncoding', 'contentMediaType'] as const;
const numbers = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const;
const counts = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'] as const;
const flags = ['uniqueItems', 'deprecated', 'readOnly', 'writeOnly'] as const;
const inner = ['items', 'not', 'additionalProperties', 'propertyNames', 'contains'] as const;
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
const types: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

/** A schema with the keywords that we know, each with a value of its type; anything else is left out. */
export function cleanSchema(value: unknown, budget: Budget, depth = 0): JsonObject | boolean {
  budget.spend();
  if (typeof value === 'boolean') return value;
  if (!isJsonObject(value) || depth > maxDepth) return {};
  const within = (one: unknown): JsonObject | boolean => cleanSchema(one, budget, depth + 1);
  if ('$ref' in value) {
    const found = readReference(value['$ref']);
    return found?.kind === 'schemas' ? { $ref: value['$ref'] } : {};
  }
  const clean: JsonObject = { type: typeOf(value['type']) };
  for (const name of texts) clean[name] = cleanText(value[name]);
  for (const name of numbers) clean[name] = typeof value[name] === 'number' ? value[name] : undefined;
  for (const name of counts) clean[name] = isCount(value[name]) ? value[name] : undefined;
  for (const name of flags) clean[name] = typeof value[name] === 'boolean' ? value[name] : undefined;
  for (const name of inner) clean[name] = value[name] === undefined ? undefined : within(value[name]);
  for (const name of lists) {
    const list: unknown = value[name];
    clean[name] = Array.isArray(list) && list.length > 0 ? list.slice(0, 50).map(within) : undefined;
  }
  for (const name of ['enum', 'examples']) {
    const list: unknown = value[name];
    clean[name] = Array.isArray(list) && list.length > 0 ? list.slice(0, 200).filter(isPlain) : undefined;
  }
  for (const name of ['const', 'default']) clean[name] = isPlain(value[name]) ? value[name] : undefined;
  if (isJsonObject(value['properties']))
    clean['properties'] = mapMembers(value['properties'], /^.{1,200}$/su, mostMembers, within);
  const required: unknown = value['required'];
  if (Array.isArray(required))
    clean['required'] = [...new Set(required.filter((name) => typeof name === 'string' && name.length <= 200))].slice(
      0,
      mostMembers,
    );
  return present(clean);
}

function typeOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    const known = [...new Set(value)].filter((one) => types.has(one));
    return known.length === 0 ? undefined : known;
  }
  return types.has(value) ? value : undefined;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A value without parts of its own, and short. */
function isPlain(value: unknown): boolean {
  return (
    value === null ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length <= 500)
  );
}
