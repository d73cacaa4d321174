import { type ErrorCode, errorRow } from './error-table.ts';
import { checkFieldCode, type FieldProblem } from './field-problem.ts';
import { fillIn, type MessageParameters } from './fill-in.ts';
import type { Locale } from './locale.ts';

/** What an {@link AppError} can carry beside its code. */
export interface AppErrorOptions {
  /** Values for the `{…}` places of the message. */
  readonly parameters?: MessageParameters;
  /** What is wrong with which field. */
  readonly fields?: readonly FieldProblem[];
  /**
   * One sentence about this one occurrence, sent to the caller as `detail`. A diagnostic for whoever writes the calling
   * program, so in English only, like the logs; what a person has to read belongs in `fields` or in a code's message.
   * Never a cause's own message.
   */
  readonly detail?: string;
  /** When to try again, in milliseconds; sent as `Retry-After`, rounded up to whole seconds. */
  readonly retryAfterMs?: number;
  /** The methods the path has; sent as `Allow` with METHOD_NOT_ALLOWED. */
  readonly allow?: readonly string[];
  /** What credentials are asked for; sent as `WWW-Authenticate` with UNAUTHENTICATED. */
  readonly challenges?: readonly string[];
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
  readonly parameters: MessageParameters;
  readonly fields: readonly FieldProblem[];
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly allow: readonly string[];
  readonly challenges: readonly string[];

  /** @throws TypeError when the code, or that of a field, is in no table: found where it is made, not where it is answered */
  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    const row = errorRow(code);
    const parameters = options.parameters ?? {};
    super(fillIn(row.message.en, parameters), options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.status = row.status;
    this.retryable = row.retryable;
    this.parameters = parameters;
    this.fields = options.fields ?? [];
    for (const { code: fieldCode } of this.fields) checkFieldCode(fieldCode);
    this.detail = options.detail;
    this.retryAfterMs = options.retryAfterMs;
    this.allow = options.allow ?? [];
    this.challenges = options.challenges ?? [];
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
