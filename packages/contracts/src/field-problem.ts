import { coreFieldErrors, type FieldCode, isFieldCode } from './core-field-errors.ts';
import type { FieldKind } from './field-kind.ts';
import { fillIn, type MessageParameters, type ParametersFor } from './fill-in.ts';
import type { Locale, Translated } from './locale.ts';

/** What is wrong with a value. Its text is made where it is answered, in the caller's language. */
export type BrokenRule =
  | {
      /** What is wrong with it. */
      readonly code: FieldCode;
      /** Values for the `{…}` places of the text. */
      readonly parameters?: MessageParameters;
      readonly message?: undefined;
    }
  | {
      /** A code that the core does not have. */
      readonly code: string;
      readonly parameters?: MessageParameters;
      /** What is said: in every language, or, as a plain text, what another program has put into words for the same caller. */
      readonly message: Translated | string;
    };

/** One thing that is wrong with one field of a request. */
export type FieldProblem = BrokenRule & {
  /** Where: a JSON pointer into the body (`/name`, RFC 6901), or `?name` for a query, `{name}` for a path parameter. */
  readonly field: string;
};

/** What can be wrong with a field: a code of the core, or what a service's contract defines. */
export type KnownFieldError = FieldCode | FieldKind;

/** The names of the places of a text. */
type FieldPlaces<What extends KnownFieldError> =
  What extends FieldKind<infer Place>
    ? Place
    : What extends FieldCode
      ? (typeof coreFieldErrors)[What]['places'][number]
      : never;

/** The parameters that the text of `What` needs: none, or one record of all. */
export type FieldParameters<What extends KnownFieldError> =
  ParametersFor<FieldPlaces<What>> extends { readonly parameters: infer Parameters }
    ? readonly [parameters: Parameters]
    : readonly [parameters?: ParametersFor<FieldPlaces<What>>['parameters']];

/** What breaks the rule `what` says. */
export function brokenRule<const What extends KnownFieldError>(
  what: What,
  ...[parameters]: FieldParameters<What>
): BrokenRule {
  const kind: KnownFieldError = what;
  // What a kind asks for is always a record of texts and numbers.
  const values = parameters === undefined ? {} : { parameters: parameters as MessageParameters };
  return typeof kind === 'string' ? { code: kind, ...values } : { code: kind.code, message: kind.message, ...values };
}

/** Something wrong with a field: `fieldProblem('/item', cartFieldErrors.NOT_IN_STOCK)`. */
export function fieldProblem<const What extends KnownFieldError>(
  field: string,
  what: What,
  ...parameters: FieldParameters<What>
): FieldProblem {
  return { field, ...brokenRule(what, ...parameters) };
}

/** What is wrong and what would be right, in one language. */
export function fieldMessage({ code, parameters = {}, message }: BrokenRule, locale: Locale): string {
  if (typeof message === 'string') return message;
  if (message !== undefined) return fillIn(message[locale], parameters);
  return isFieldCode(code) ? fillIn(coreFieldErrors[code].message[locale], parameters) : code;
}

/** @throws TypeError when the code is not one of the core's and brings no text: a mistake in the program */
export function checkBrokenRule({ code, message }: BrokenRule): void {
  if (message !== undefined || isFieldCode(code)) return;
  throw new TypeError(
    `Unknown field error code "${String(code)}". docs/errors.md lists the core's codes; define those of a service in its contract, with defineFieldErrors().`,
  );
}
