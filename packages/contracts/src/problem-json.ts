import type { AppError } from './app-error.ts';
import { type FieldProblem, fieldMessage } from './field-problem.ts';
import type { Locale } from './locale.ts';

/** The media type of {@link Problem} (RFC 9457). */
export const problemMediaType = 'application/problem+json';

/** A `FieldProblem` on the wire. */
export interface ProblemField {
  /** A JSON pointer into the body, `?name` for a query or `{name}` for a path parameter. */
  readonly field: string;
  /** Stable; match on this. */
  readonly code: string;
  /** What is wrong and what would be right, in the caller's language. */
  readonly message: string;
}

/** An error on the wire: RFC 9457 with our stable `code` and the ids that find the log line. */
export interface Problem {
  /** A name for the kind of error: of ours `urn:flotilla:error:<code>`, which `docs/errors.md` explains. */
  readonly type: string;
  /** The message, in the caller's language. */
  readonly title: string;
  readonly status: number;
  /** Stable; match on this. */
  readonly code: string;
  /** About this occurrence: in the caller's language if the kind has a text for it, else a diagnostic in English. */
  readonly detail?: string;
  /** The path of the request. */
  readonly instance?: string;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly errors?: readonly ProblemField[];
}

/** What of the request goes into its problem. */
export interface ProblemContext {
  readonly locale: Locale;
  readonly instance?: string;
  readonly requestId?: string;
  readonly traceId?: string;
}

/** The wire form of `error`. Its cause stays behind. */
export function toProblem(error: AppError, context: ProblemContext): Problem {
  const detail = error.detailIn(context.locale);
  return {
    type: error.kind.type,
    title: error.messageIn(context.locale),
    status: error.status,
    code: error.code,
    ...(detail === undefined ? {} : { detail }),
    ...(context.instance === undefined ? {} : { instance: context.instance }),
    ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
    ...(context.traceId === undefined ? {} : { traceId: context.traceId }),
    ...(error.fields.length === 0 ? {} : { errors: error.fields.map((problem) => showField(problem, context.locale)) }),
  };
}

function showField(problem: FieldProblem, locale: Locale): ProblemField {
  return { field: problem.field, code: problem.code, message: fieldMessage(problem, locale) };
}

/** The header fields an error brings along: `Retry-After`, `Allow`, `WWW-Authenticate`; names in lower case. */
export function problemHeaders(error: AppError): Record<string, string> {
  const headers: Record<string, string> = {};
  if (error.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
  if (error.allow.length > 0) headers['allow'] = error.allow.join(', ');
  // Of another copy of this package, an error may be older than its challenges.
  if (error.status === 401 && error.challenges?.length > 0) headers['www-authenticate'] = error.challenges.join(', ');
  return headers;
}
