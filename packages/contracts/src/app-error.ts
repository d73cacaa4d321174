import { type ErrorCode, errorRow } from './error-table.ts';
import type { Locale } from './locale.ts';

/** One thing that is wrong with one field of a request. */
export interface FieldProblem {
  /** Where: a JSON pointer into the body (`/email`, RFC 6901), or `?name` for a query, `{name}` for a path parameter. */
  readonly field: string;
  /** What is wrong with it and what would be right. */
  readonly message: string;
}

/** What an {@link AppError} can carry beside its code. */
export interface AppErrorOptions {
  /** Values for the `{…}` places of the message. */
  readonly parameters?: Readonly<Record<string, string | number>>;
  /** What is wrong with which field. */
  readonly fields?: readonly FieldProblem[];
  /** One sentence about this one occurrence, sent to the caller as `detail`. Never a cause's own message. */
  readonly detail?: string;
  /** When to try again, in milliseconds; sent as `Retry-After`, rounded up to whole seconds. */
  readonly retryAfterMs?: number;
  /** The methods the path has; sent as `Allow` with METHOD_NOT_ALLOWED. */
  readonly allow?: readonly string[];
  /** What led to it. Kept and logged, never sent. */
  readonly cause?: unknown;
}

/**
 * An error with a stable code: the only kind a Flotilla program answers with. Match on `code`, never on the class
 * or the message. Foreign errors become one of these at the edge where they enter.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly fields: readonly FieldProblem[];
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly allow: readonly string[];

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    const row = errorRow(code);
    const parameters = options.parameters ?? {};
    super(fillIn(row.message.en, parameters), options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.status = row.status;
    this.retryable = row.retryable;
    this.parameters = parameters;
    this.fields = options.fields ?? [];
    this.detail = options.detail;
    this.retryAfterMs = options.retryAfterMs;
    this.allow = options.allow ?? [];
  }

  /** The message in one language, with its parameters filled in. */
  messageIn(locale: Locale): string {
    return fillIn(errorRow(this.code).message[locale], this.parameters);
  }
}

/** Whether `value` is an {@link AppError}, also one of another copy of this package. */
export function isAppError(value: unknown): value is AppError {
  return value instanceof Error && value.name === 'AppError' && 'code' in value && 'messageIn' in value;
}

function fillIn(template: string, parameters: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => String(parameters[name] ?? place));
}
