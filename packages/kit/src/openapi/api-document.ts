import type { Locale, Translated } from '@flotilla/contracts';
import type { Operation } from '../api/operation.ts';
import { describeOperation } from './describe-operation.ts';
import type { JsonObject } from './json.ts';
import { otherErrors, problemSchemas, requestHeaders, responseHeaders } from './problem-parts.ts';
import { SchemaBook } from './schema-book.ts';

/** A document of OpenAPI 3.1, as JSON. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: JsonObject & { readonly title: string };
  readonly servers: readonly JsonObject[];
  readonly tags: readonly JsonObject[];
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly components: JsonObject;
}

/** What {@link apiDocument} describes. */
export interface ApiDocumentOptions {
  /** The name of the program. */
  readonly title: string;
  /** Of the API. Default `1.0.0`: what a contract promises never breaks. */
  readonly version?: string;
  readonly description?: Translated;
  readonly operations: readonly Operation[];
  /** The language of summaries and messages. Default `en`. */
  readonly locale?: Locale;
}

/**
 * Describes operations as OpenAPI 3.1, from the same schemas that check their requests. Its server is `/`: wherever the
 * document is fetched from, the operations are beside it.
 */
export function apiDocument(options: ApiDocumentOptions): ApiDocument {
  const { title, version = '1.0.0', description, operations, locale = 'en' } = options;
  const book = new SchemaBook(locale);
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations)
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = describeOperation(operation, book, locale);
  return {
    openapi: '3.1.0',
    info: { title, version, ...(description === undefined ? {} : { description: description[locale] }) },
    servers: [{ url: '/' }],
    tags: tagsOf(operations, locale),
    paths,
    components: {
      schemas: { ...book.components, ...problemSchemas },
      parameters: requestHeaders(locale),
      headers: responseHeaders(locale),
      responses: { OtherError: otherErrors(locale) },
    },
  };
}

function tagsOf(operations: readonly Operation[], locale: Locale): JsonObject[] {
  const tags = new Map(operations.map(({ tag }) => [tag.en, tag]));
  return [...tags].map(([name, tag]) => (tag[locale] === name ? { name } : { name, description: tag[locale] }));
}
