import { AppError, type BrokenRule, type ErrorKind, rule } from '@flotilla/contracts';
import { z } from 'zod';
import { type WireShape, wireShape } from './wire-shape.ts';

/** A record's id in a JSON body: a whole number from 1 to 2^53 - 1, the largest that every JSON parser represents exactly. */
export const recordIdSchema: z.ZodType<number, number> = z.int().min(1);

/**
 * The id in a query or path parameter, if it is valid: digits only, without sign, leading zero, fraction or exponent, so
 * that each id has one spelling. A repeated parameter arrives as an array and is not an id.
 */
export function parseRecordId(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^[1-9][0-9]{0,15}$/.test(value)) return undefined;
  const id = Number(value);
  return Number.isSafeInteger(id) ? id : undefined;
}

/**
 * A record's id in a query or path parameter, for a route's own schema: `params: z.object({ id: recordIdParameter })`.
 * An invalid one is answered with INVALID_REQUEST.
 */
export const recordIdParameter: z.ZodType<number, string> = wireShape(
  z
    .string()
    .refine((text) => parseRecordId(text) !== undefined, rule('NOT_DIGITS', { min: 1, max: Number.MAX_SAFE_INTEGER }))
    .transform(Number),
  recordIdShape(),
);

/** How an id in a query or path parameter is described. */
export function recordIdShape(): WireShape {
  return { type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
}

/**
 * Reads an id from a parameter, if an invalid one has an error of its own.
 *
 * @param field which parameter it is: `?id` in the query, `{id}` in the path
 * @param kind the error for an invalid id: a 400 of the service's contract
 * @throws {AppError} of that kind, with the field
 */
export function readRecordId(value: unknown, field: string, kind: ErrorKind<never>): number {
  const id = parseRecordId(value);
  if (id !== undefined) return id;
  throw new AppError(kind, { fields: [{ field, ...problemOf(value) }] });
}

function problemOf(value: unknown): BrokenRule {
  if (value === undefined) return { code: 'REQUIRED' };
  if (Array.isArray(value)) return { code: 'GIVEN_TWICE' };
  return { code: 'NOT_DIGITS', parameters: { min: 1, max: Number.MAX_SAFE_INTEGER } };
}
