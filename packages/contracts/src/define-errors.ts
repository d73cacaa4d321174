import { coreErrors } from './core-errors.ts';
import { coreFieldErrors } from './core-field-errors.ts';
import { type ErrorKind, type ErrorKinds, type ErrorRow, isErrorKind, kindsOf } from './error-kind.ts';
import { type FieldErrors, type FieldKind, fieldErrorsOf } from './field-kind.ts';
import { placesOf } from './fill-in.ts';
import { locales, type Translated } from './locale.ts';

/**
 * Defines the errors of one service, in its contract. Give the rows as a constant of their own, `as const`, so that the
 * compiler knows the codes and what their texts need:
 *
 * ```ts
 * const rows = { CART_EMPTY: { status: 409, grpc: 'FAILED_PRECONDITION', … } } as const;
 * export const cartErrors: ErrorKinds<typeof rows> = defineErrors('cart-service', rows);
 * throw new AppError(cartErrors.CART_EMPTY);
 * ```
 *
 * @param owner the service's name
 * @throws TypeError naming all that is wrong: a code that the core has already or that is not in upper case, a status
 *   that is no error, texts that are empty or need other parameters in one language than in the other
 */
export function defineErrors<const Rows extends Readonly<Record<string, ErrorRow>>>(
  owner: string,
  rows: Rows,
): ErrorKinds<Rows> {
  refuse(
    owner,
    Object.entries(rows).flatMap((row) => [...problemsOf(row)]),
  );
  return kindsOf(owner, rows);
}

/**
 * Defines what can be wrong with a field of one service alone, in the same way:
 * `defineFieldErrors('cart-service', { NOT_IN_STOCK: { en: 'is not in stock', 'zh-CN': '缺货' } })`.
 *
 * @throws TypeError as {@link defineErrors}
 */
export function defineFieldErrors<const Texts extends Readonly<Record<string, Translated>>>(
  owner: string,
  texts: Texts,
): FieldErrors<Texts> {
  const problems = Object.entries(texts).flatMap(([code, message]) => [
    ...codeProblems(code, coreFieldErrors),
    ...textProblems(code, message),
  ]);
  refuse(owner, problems);
  return fieldErrorsOf(owner, texts);
}

/**
 * Refuses two definitions of one code: clients could not tell which is meant.
 *
 * @throws TypeError naming each such code and who defines it
 */
export function requireDistinctCodes(kinds: Iterable<ErrorKind | FieldKind>): void {
  const problems = doublyDefined(kinds);
  if (problems.length > 0) throw new TypeError(`Errors are defined twice: ${problems.join('; ')}.`);
}

/** Codes that have two owners, each with them: `GONE by a and by b`. */
export function doublyDefined(kinds: Iterable<ErrorKind | FieldKind>): readonly string[] {
  // A field's code never stands where an error's does, so the two may be the same.
  const owners = { errors: new Map<string, string | undefined>(), fields: new Map<string, string | undefined>() };
  const problems = new Set<string>();
  for (const kind of kinds) {
    const known = owners[isErrorKind(kind) ? 'errors' : 'fields'];
    const first = known.get(kind.code);
    if (first === undefined) known.set(kind.code, kind.owner);
    else if (first !== kind.owner) problems.add(`${kind.code} by ${first} and by ${kind.owner}`);
  }
  return [...problems];
}

function refuse(owner: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new TypeError(`The errors of ${owner} are not valid: ${problems.join('; ')}.`);
}

function* problemsOf([code, row]: [string, ErrorRow]): Generator<string> {
  yield* codeProblems(code, coreErrors);
  if (!Number.isInteger(row.status) || row.status < 400 || row.status > 599)
    yield `the status of ${code} must be from 400 to 599`;
  yield* textProblems(code, row.message);
  if (row.detail !== undefined) yield* textProblems(code, row.detail);
}

function* codeProblems(code: string, core: object): Generator<string> {
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(code)) yield `"${code}" must consist of capital letters, digits and "_"`;
  if (Object.hasOwn(core, code)) yield `${code} is already a core code`;
}

function* textProblems(code: string, texts: Translated): Generator<string> {
  const needed = placesOf(texts.en).toSorted().join();
  for (const locale of locales) {
    if ((texts[locale] ?? '').trim() === '') yield `${code} has no text in ${locale}`;
    else if (placesOf(texts[locale]).toSorted().join() !== needed)
      yield `the text of ${code} in ${locale} has other parameters than the English one`;
  }
}
