import { type FieldCode, fieldTable } from './field-table.ts';
import { fillIn, type MessageParameters } from './fill-in.ts';
import type { Locale, Translated } from './locale.ts';

/** One thing that is wrong with one field of a request. Its text is made where it is answered, in the caller's language. */
export interface FieldProblem {
  /** Where: a JSON pointer into the body (`/email`, RFC 6901), or `?name` for a query, `{name}` for a path parameter. */
  readonly field: string;
  /** What is wrong with it. */
  readonly code: FieldCode;
  /** Values for the `{…}` places of the code's text. */
  readonly parameters?: MessageParameters;
  /**
   * Said instead of the code's text: a rule of one service alone, in every language; or, as a plain text, what another
   * program has already put into words for the same caller.
   */
  readonly message?: Translated | string;
}

/** What is wrong and what would be right, in one language. */
export function fieldMessage({ code, parameters = {}, message }: Omit<FieldProblem, 'field'>, locale: Locale): string {
  if (typeof message === 'string') return message;
  return fillIn((message ?? fieldTable[code])[locale], parameters);
}

/** The field problem that someone else's problem document holds, with their words; NOT_VALID for a code we don't know. */
export function relayedFieldProblem(field: string, message: string, code?: unknown): FieldProblem {
  return { field, message, code: isFieldCode(code) ? code : 'NOT_VALID' };
}

/** @throws TypeError when `code` is not one of ours: a mistake in the program */
export function checkFieldCode(code: FieldCode): void {
  if (isFieldCode(code)) return;
  throw new TypeError(
    `There is no code "${String(code)}" for what is wrong with a field. docs/errors.md lists them; a new one is a new row of the table.`,
  );
}

/** Whether `value` is one of our codes. */
function isFieldCode(value: unknown): value is FieldCode {
  return typeof value === 'string' && Object.hasOwn(fieldTable, value);
}
