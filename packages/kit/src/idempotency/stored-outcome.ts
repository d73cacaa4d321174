import {
  AppError,
  type AppErrorOptions,
  type ErrorKind,
  type FieldProblem,
  isAppError,
  type MessageParameters,
} from '@flotilla/contracts';

/**
 * What a call has led to, as it is stored. An error is stored with all that is said about it, so that it can be repeated in
 * each caller's language, also by a program that no longer has it.
 */
type StoredOutcome =
  | { readonly value?: unknown }
  | {
      readonly error: {
        readonly kind: ErrorKind<never>;
        readonly parameters: MessageParameters;
        readonly fields: readonly FieldProblem[];
        readonly detail?: string;
      };
    };

/** Errors with these statuses are the answer to the request: asking once more gives the same, or should. */
const finalStatuses: ReadonlySet<number> = new Set([404, 409, 410, 412, 422]);

/** Whether an error is an outcome, and no failure to reach one. */
export function isOutcome(error: unknown): error is AppError {
  return isAppError(error) && !error.retryable && finalStatuses.has(error.status);
}

/** The text to store of a value, which must be JSON. */
export function storedValue(value: unknown): string {
  return JSON.stringify({ value } satisfies StoredOutcome);
}

/** The text to store of an error. */
export function storedError(error: AppError): string {
  // The texts of its kind were filled in once already, with these parameters.
  const kind = error.kind as ErrorKind<never>;
  // What is the same in all languages is of this occurrence; the rest is made of the kind again.
  const isOwn = kind.detail === undefined || error.detailIn('en') === error.detailIn('zh-CN');
  const detail = isOwn && error.detail !== undefined ? { detail: error.detail } : {};
  const { parameters, fields } = error;
  return JSON.stringify({ error: { kind, parameters, fields, ...detail } } satisfies StoredOutcome);
}

/** Returns, or throws, what was stored. */
export function repeatOutcome<T>(text: string): T {
  const stored = JSON.parse(text) as StoredOutcome; // Written by this file.
  if (!('error' in stored)) return stored.value as T; // And of the operation that its row is of.
  const { kind, ...options } = stored.error;
  throw new AppError(kind, options as AppErrorOptions); // Parameters included, which only a kind's type asks for.
}
