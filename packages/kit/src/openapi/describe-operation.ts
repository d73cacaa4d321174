import type { Locale } from '@flotilla/contracts';
import type { z } from 'zod';
import { errorsOf } from '../api/errors-of.ts';
import type { Operation } from '../api/operation.ts';
import { isIdParameter, type Parameter } from '../api/parameter.ts';
import { recordIdShape } from '../resource/record-id.ts';
import type { JsonObject } from './json.ts';
import { errorResponses } from './problem-parts.ts';
import type { SchemaBook } from './schema-book.ts';

/** Describes one operation for a document: an Operation Object of OpenAPI 3.1. */
export function describeOperation(operation: Operation, book: SchemaBook, locale: Locale): JsonObject {
  const { id, summary, description, body, tag } = operation;
  return {
    operationId: id,
    summary: summary[locale],
    ...(description === undefined ? {} : { description: description[locale] }),
    tags: [tag.en],
    parameters: parametersOf(operation, book),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body, book) } }),
    responses: {
      [operation.status]: successOf(operation, book),
      ...(canBeCurrent(operation) ? { 304: { description: texts.notModified[locale] } } : {}),
      ...errorResponses(errorsOf(operation), locale),
      default: { $ref: '#/components/responses/OtherError' },
    },
  };
}

const texts = {
  notModified: { en: 'The caller already has the current version.', 'zh-CN': '调用方已有最新版本。' },
} as const;

function parametersOf(operation: Operation, book: SchemaBook): JsonObject[] {
  const { params, query, conditional, idempotent } = operation;
  const refer = (name: string): JsonObject => ({ $ref: `#/components/parameters/${name}` });
  return [
    ...Object.entries(params).map(([name, parameter]) => parameterOf('path', name, parameter, book)),
    ...Object.entries(query).map(([name, parameter]) => parameterOf('query', name, parameter, book)),
    ...(conditional ? [refer('IfMatch')] : []),
    ...(canBeCurrent(operation) ? [refer('IfNoneMatch')] : []),
    ...(idempotent ? [refer('IdempotencyKey')] : []),
    refer('AcceptLanguage'),
    refer('RequestId'),
  ];
}

function parameterOf(place: 'path' | 'query', name: string, parameter: Parameter, book: SchemaBook): JsonObject {
  const schema = isIdParameter(parameter) ? { ...recordIdShape() } : book.describe(parameter);
  const { description, ...rest } = schema;
  return {
    name,
    in: place,
    required: place === 'path' || !mayBeAbsent(parameter),
    ...(typeof description === 'string' ? { description } : {}),
    schema: rest,
  };
}

function mayBeAbsent(parameter: Parameter): boolean {
  return isIdParameter(parameter) ? parameter.optional : parameter.safeParse(undefined).success;
}

function successOf({ status, answer, paged, location, idempotent }: Operation, book: SchemaBook): JsonObject {
  const sent: readonly (readonly [boolean, string, string])[] = [
    [(status === 200 || status === 201) && answer !== undefined, 'ETag', 'ETag'],
    [paged, 'Link', 'Link'],
    [location !== undefined, 'Location', 'Location'],
    [idempotent, 'Idempotency-Replayed', 'IdempotencyReplayed'],
    [true, 'X-Request-Id', 'RequestId'],
  ];
  const headers = sent.flatMap(([isSent, name, component]) =>
    isSent ? [[name, { $ref: `#/components/headers/${component}` }] as const] : [],
  );
  return {
    description: nameOfStatus[status],
    headers: Object.fromEntries(headers),
    ...(answer === undefined ? {} : { content: json(answer, book) }),
  };
}

const nameOfStatus = { 200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content' } as const;

function json(schema: z.ZodType, book: SchemaBook): JsonObject {
  return { 'application/json': { schema: book.describe(schema) } };
}

/** Whether it may answer 304. */
function canBeCurrent({ method, status }: Operation): boolean {
  return method === 'GET' && status === 200;
}
