import { rule } from '@flotilla/contracts';
import { lineOfText, readRecordId, recordIdSchema, wireShape } from '@flotilla/kit/resource';
import { z } from 'zod';
import { emailSchema } from './email.ts';
import { userErrors } from './user-errors.ts';

/** The longest name, in UTF-16 code units: long enough for any real one, short enough for any screen. */
export const maxNameLength = 100;

/** A user as the service shows it. */
export interface User {
  /** Assigned by the service, and never reused, even after the user is deleted. */
  readonly id: number;
  readonly name: string;
  /** As it was entered. Unique, ignoring case. */
  readonly email: string;
}

/** Checks a {@link User} that came over the wire. Unknown fields are ignored, so that a newer service is understood. */
export const userSchema: z.ZodType<User, User> = z
  .object({ id: recordIdSchema, name: z.string(), email: z.string() })
  .meta({ id: 'User' });

/** The body of `POST /users`. White space around the values is removed. */
export interface NewUser {
  readonly name: string;
  readonly email: string;
}

/** Checks a {@link NewUser}. Unknown fields are refused, so that a misspelt one is noticed. */
export const newUserSchema: z.ZodType<NewUser, NewUser> = z
  .strictObject({ name: lineOfText(maxNameLength), email: emailSchema })
  .meta({ id: 'NewUser' });

/** The body of `PATCH /users/{id}`: at least one field; omitted ones stay as they are. */
export interface UserChange {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** Checks a {@link UserChange}. */
export const userChangeSchema: z.ZodType<UserChange, UserChange> = wireShape(
  z
    .strictObject({ name: lineOfText(maxNameLength).optional(), email: emailSchema.optional() })
    .refine(
      (change) => change.name !== undefined || change.email !== undefined,
      rule('NONE_GIVEN', { names: 'name, email' }),
    ),
  { minProperties: 1 },
).meta({ id: 'UserChange' });

/**
 * Reads a user id from a parameter.
 *
 * @param field which parameter it is: `?id` in the query, `{id}` in the path
 * @throws {AppError} INVALID_USER_ID, with the field
 */
export function readUserId(value: unknown, field: string): number {
  return readRecordId(value, field, userErrors.INVALID_USER_ID);
}
