import { isJsonObject, type JsonObject } from '@flotilla/kit/openapi';
import { type Budget, type ComponentKind, cleanText, mapMembers, present, readReference } from './clean-parts.ts';
import { cleanSchema } from './clean-schema.ts';

/** The methods of operations that are taken over. */
export const methodNames = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;

const componentName = /^[A-Za-z0-9._-]{1,200}$/;
const mediaType = /^[A-Za-z0-9!#$&^_.+*-]{1,100}\/[A-Za-z0-9!#$&^_.+*-]{1,100}(?:; ?[A-Za-z0-9=_.+ -]{1,100})?$/;
const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const statusName = /^(?:[1-5][0-9]{2}|[1-5]XX|default)$/;
const places: ReadonlySet<unknown> = new Set(['path', 'query', 'header', 'cookie']);

/** An operation with the members that we know; undefined if it is none. `shared`: the parameters of its path. */
export function cleanOperation(value: unknown, shared: unknown, budget: Budget): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  budget.spend();
  const { operationId, tags, deprecated } = value;
  const parameters = [...listOf(shared), ...listOf(value['parameters'])].slice(0, 100);
  const responses = mapMembers(value['responses'], statusName, 100, referenced('responses', budget));
  return present({
    operationId:
      typeof operationId === 'string' && /^[A-Za-z0-9_.-]{1,100}$/.test(operationId) ? operationId : undefined,
    summary: cleanText(value['summary'], 300),
    description: cleanText(value['description']),
    tags: listOf(tags)
      .filter((tag) => typeof tag === 'string' && tag.length <= 100)
      .slice(0, 5),
    deprecated: deprecated === true ? true : undefined,
    parameters: parameters.map(referenced('parameters', budget)).filter((one) => one !== undefined),
    requestBody:
      value['requestBody'] === undefined ? undefined : referenced('requestBodies', budget)(value['requestBody']),
    responses: Object.keys(responses).length === 0 ? { default: { description: '' } } : responses,
  });
}

/** The components of one kind. One that is a reference itself is left out: it could be one of a circle. */
export function cleanRecord(kind: ComponentKind, value: unknown, budget: Budget): JsonObject {
  return mapMembers(value, componentName, 5_000, (one) => {
    if (kind !== 'schemas' && isJsonObject(one) && '$ref' in one) return undefined;
    return cleanPart(kind, one, budget);
  });
}

/** Cleans a part that may be a reference to a component of its kind. */
function referenced(kind: ComponentKind, budget: Budget): (value: unknown) => JsonObject | boolean | undefined {
  return (value) => {
    if (!isJsonObject(value) || !('$ref' in value)) return cleanPart(kind, value, budget);
    return readReference(value['$ref'])?.kind === kind ? { $ref: value['$ref'] } : undefined;
  };
}

function cleanPart(kind: ComponentKind, value: unknown, budget: Budget): JsonObject | boolean | undefined {
  if (kind === 'schemas') return cleanSchema(value, budget);
  if (!isJsonObject(value)) return undefined;
  budget.spend();
  const description = cleanText(value['description']);
  switch (kind) {
    case 'parameters':
      return cleanParameter(value, budget);
    case 'headers':
      return present({ description, schema: cleanSchema(value['schema'] ?? {}, budget) });
    case 'responses': {
      const headers = mapMembers(value['headers'], headerName, 100, referenced('headers', budget));
      return present({
        description: description ?? '',
        headers: Object.keys(headers).length === 0 ? undefined : headers,
        content: contentOf(value, budget),
      });
    }
    case 'requestBodies':
      return present({ description, required: value['required'] === true, content: contentOf(value, budget) ?? {} });
    case 'examples':
      return cleanExample(value);
    default:
      return kind satisfies never;
  }
}

function cleanParameter(value: JsonObject, budget: Budget): JsonObject | undefined {
  const { name, in: place } = value;
  if (typeof name !== 'string' || !/^[^\p{Cc}]{1,200}$/u.test(name) || !places.has(place)) return undefined;
  return present({
    name,
    in: place,
    required: place === 'path' || value['required'] === true,
    description: cleanText(value['description']),
    deprecated: value['deprecated'] === true ? true : undefined,
    schema: cleanSchema(value['schema'] ?? {}, budget),
  });
}

function contentOf({ content }: JsonObject, budget: Budget): JsonObject | undefined {
  if (content === undefined) return undefined;
  return mapMembers(content, mediaType, 20, (media) => {
    const { schema, examples } = isJsonObject(media) ? media : {};
    const shown = mapMembers(examples, componentName, 50, referenced('examples', budget));
    return present({
      schema: schema === undefined ? undefined : cleanSchema(schema, budget),
      examples: Object.keys(shown).length === 0 ? undefined : shown,
    });
  });
}

/** An example, if it is as small as an example is. */
function cleanExample(value: JsonObject): JsonObject | undefined {
  const text = JSON.stringify(value['value']) as string | undefined; // Undefined for no value.
  if (text === undefined || text.length > 5_000) return undefined;
  return present({ summary: cleanText(value['summary'], 300), value: value['value'] });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
