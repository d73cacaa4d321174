import type { KnownError, Locale } from '@flotilla/contracts';
import { errorResponses, isJsonObject, type JsonObject } from '@flotilla/kit/openapi';

/** The answers of an operation, with those that the gateway gives itself. */
export function withOwnResponses(responses: JsonObject, errors: Iterable<KnownError>, locale: Locale): JsonObject {
  return joinResponses(responses, errorResponses(errors, locale));
}

/** Answers of two sources: those with one status have the examples of both. */
export function joinResponses(first: JsonObject, second: JsonObject): JsonObject {
  const joined = new Map(Object.entries(first));
  for (const [status, response] of Object.entries(second)) {
    const other = joined.get(status);
    joined.set(status, other === undefined ? response : joinResponse(other, response));
  }
  return Object.fromEntries(joined);
}

const problemType = 'application/problem+json';

function joinResponse(first: unknown, second: unknown): unknown {
  const [ours, theirs] = [problemOf(first), problemOf(second)];
  // A reference, or another media type: who is to read both?
  if (!isJsonObject(first) || !isJsonObject(second) || ours === undefined || theirs === undefined) return first;
  const added = Object.entries(theirs.examples).filter(([name]) => !Object.hasOwn(ours.examples, name));
  if (added.length === 0) return first;
  const description = [first['description'], second['description']]
    .filter((text) => typeof text === 'string')
    .join('. ');
  const content = isJsonObject(first['content']) ? first['content'] : {};
  const examples = { ...ours.examples, ...Object.fromEntries(added) };
  return { ...second, ...first, description, content: { ...content, [problemType]: { ...ours.media, examples } } };
}

function problemOf(response: unknown): { readonly media: JsonObject; readonly examples: JsonObject } | undefined {
  const content = isJsonObject(response) ? response['content'] : undefined;
  const media = isJsonObject(content) ? content[problemType] : undefined;
  if (!isJsonObject(media)) return undefined;
  return { media, examples: isJsonObject(media['examples']) ? media['examples'] : {} };
}
