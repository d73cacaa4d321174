import {
  type ErrorKind,
  headerNames,
  type KnownError,
  kindOf,
  type Locale,
  problemMediaType,
} from '@flotilla/contracts';
import type { JsonObject } from './json.ts';

/** The schemas of problem documents, by their names in a document. */
export const problemSchemas: Readonly<Record<string, JsonObject>> = {
  Problem: {
    type: 'object',
    description: 'RFC 9457. `code` is stable; match on it.',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string', description: 'The message, in the language of the caller.' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      code: { type: 'string' },
      detail: { type: 'string' },
      instance: { type: 'string', description: 'The path of the request.' },
      requestId: { type: 'string' },
      traceId: { type: 'string' },
      errors: { type: 'array', items: { $ref: '#/components/schemas/ProblemField' } },
    },
  },
  ProblemField: {
    type: 'object',
    description:
      'What is wrong with one field: a JSON pointer into the body, `?name` in the query or `{name}` in the path.',
    required: ['field', 'code', 'message'],
    properties: {
      field: { type: 'string' },
      code: { type: 'string' },
      message: { type: 'string', description: 'In the language of the caller.' },
    },
  },
};

/** What the answers with errors refer to, by kind and name. */
export function problemComponents(locale: Locale): Record<string, JsonObject> {
  return { schemas: problemSchemas, headers: { RetryAfter: responseHeaders(locale)['RetryAfter'] } };
}

/** The answers with errors: one for each status, with an example for each code. */
export function errorResponses(errors: Iterable<KnownError>, locale: Locale): Record<string, JsonObject> {
  const byStatus = new Map<number, Map<string, ErrorKind>>();
  for (const error of errors) {
    const kind = kindOf(error);
    const kinds = byStatus.get(kind.status) ?? new Map<string, ErrorKind>();
    byStatus.set(kind.status, kinds.set(kind.code, kind));
  }
  const statuses = [...byStatus].toSorted(([a], [b]) => a - b);
  return Object.fromEntries(statuses.map(([status, kinds]) => [status, errorResponse([...kinds.values()], locale)]));
}

/** One answer for several errors of the same status. */
function errorResponse(kinds: readonly ErrorKind[], locale: Locale): JsonObject {
  const retryable = kinds.some(({ status }) => status === 503 || status === 429);
  return {
    description: kinds
      .map((kind) => `\`${kind.code}\`: ${messageOf(kind, locale)}`)
      .join(locale === 'en' ? '. ' : '；'),
    ...(retryable ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } } : {}),
    content: {
      [problemMediaType]: {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(kinds.map((kind) => [kind.code, exampleOf(kind, locale)])),
      },
    },
  };
}

function exampleOf(kind: ErrorKind, locale: Locale): JsonObject {
  const { code, type, status, cause } = kind;
  return { summary: cause, value: { type, title: messageOf(kind, locale), status, code } };
}

/** The message, without the values that only an occurrence has. */
function messageOf({ message }: ErrorKind, locale: Locale): string {
  return message[locale].replaceAll(/\{[^}]*\}/g, '…');
}

/** The answer to anything else that can go wrong: the method, the size, the program itself. */
export function otherErrors(locale: Locale): JsonObject {
  const codes: readonly KnownError[] = [
    'METHOD_NOT_ALLOWED',
    'URI_TOO_LONG',
    'HEADERS_TOO_LARGE',
    'FOREIGN_HOST',
    'INTERNAL',
    'OVERLOADED',
    'SHUTTING_DOWN',
  ];
  const texts = {
    en: 'Any other error. `code` says which.',
    'zh-CN': '其他错误，以 `code` 区分。',
  } as const;
  return { ...errorResponse(codes.map(kindOf), locale), description: texts[locale] };
}

/** Headers of answers, by their names in a document. */
export function responseHeaders(locale: Locale): Record<string, JsonObject> {
  const said = (en: string, zh: string): string => (locale === 'zh-CN' ? zh : en);
  return {
    RetryAfter: {
      description: said('When to try again, in seconds.', '多少秒后重试。'),
      schema: { type: 'integer', minimum: 1 },
    },
    ETag: {
      description: said(
        'The version of what was answered, for `If-Match` and `If-None-Match`.',
        '响应内容的版本，用于 `If-Match` 和 `If-None-Match`。',
      ),
      schema: { type: 'string' },
    },
    Link: {
      description: said(
        'The address of the next page: `<…>; rel="next"`. Absent on the last page.',
        '下一页的地址：`<…>; rel="next"`；最后一页没有。',
      ),
      schema: { type: 'string' },
    },
    Location: {
      description: said('The path of what was created.', '新建内容的路径。'),
      schema: { type: 'string', format: 'uri-reference' },
    },
    IdempotencyReplayed: {
      description: said(
        'Whether an earlier request had the same `Idempotency-Key`, so that nothing was done again.',
        '先前是否有请求使用了相同的 `Idempotency-Key`，因而没有再次执行。',
      ),
      schema: { type: 'string', enum: ['true'] },
    },
    RequestId: {
      description: said('Names the request in all logs.', '请求编号，可在所有日志中查到。'),
      schema: { type: 'string' },
    },
  };
}

/** Headers of requests that operations refer to, by their names in a document. */
export function requestHeaders(locale: Locale): Record<string, JsonObject> {
  const said = (en: string, zh: string): string => (locale === 'zh-CN' ? zh : en);
  const header = (name: string, description: string, schema: JsonObject = { type: 'string' }): JsonObject => ({
    name,
    in: 'header',
    description,
    schema,
  });
  return {
    AcceptLanguage: header(
      'Accept-Language',
      said('The language of messages: `en` or `zh-CN`.', '消息的语言：`en` 或 `zh-CN`。'),
    ),
    RequestId: header(
      headerNames.requestId,
      said('Names the request in all logs. Default: a new one.', '请求编号，会写入所有日志。默认：自动生成。'),
    ),
    IfMatch: header(
      'If-Match',
      said(
        'Go on only if the record still has this `ETag`; otherwise 412.',
        '仅当记录的 `ETag` 仍为此值时才执行，否则返回 412。',
      ),
    ),
    IfNoneMatch: header(
      'If-None-Match',
      said('Answer 304 if this `ETag` is still current.', '如果此 `ETag` 仍是最新的，则返回 304。'),
    ),
    IdempotencyKey: header(
      'Idempotency-Key',
      said(
        'A value of your own, new for each thing to do, in double quotes. Sent again with the same key, the request does nothing and is answered as before.',
        '由调用方生成、加双引号的唯一值。以同一个键重复发送时不会再次执行，而是返回先前的响应。',
      ),
      { type: 'string', minLength: 1, maxLength: 257 },
    ),
  };
}
