import type { ErrorKind } from '@flotilla/contracts';
import type { z } from 'zod';

/**
 * A record's id in a path or query whose mistakes have an error of their own, such as INVALID_USER_ID. Where that is not
 * needed, `recordIdParameter` is a schema like any other.
 */
export interface IdParameter<Optional extends boolean = boolean> {
  readonly kind: 'id';
  /** The error of an id that is not valid, or missing: a 400 of the service's contract. */
  readonly invalid: ErrorKind<never>;
  readonly optional: Optional;
}

/** One parameter of a path or query. */
export type Parameter = z.ZodType | IdParameter;

/** Parameters by name. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** A parameter that must be the id of a record; `invalid` is the error if it is not. */
export function idParameter(invalid: ErrorKind<never>): IdParameter<false> {
  return { kind: 'id', invalid, optional: false };
}

/** The same for a parameter that may be left out. */
export function optionalIdParameter(invalid: ErrorKind<never>): IdParameter<true> {
  return { kind: 'id', invalid, optional: true };
}

/** Whether a parameter is an {@link IdParameter}, and not a schema. */
export function isIdParameter(parameter: Parameter): parameter is IdParameter {
  return 'invalid' in parameter;
}
