import type { z } from 'zod';
import type { FieldCode } from './core-field-errors.ts';
import type { BrokenRule } from './field-problem.ts';

/**
 * Give this to `safeParse` as `error`: zod then says it where a schema has no text of its own, which is how
 * {@link describeIssue} tells the two apart. Without it, zod's own English texts are taken for the schema's.
 */
export const noOwnText = (): string => '';

/** Our words for what zod found. This is the only place that knows zod's kinds of issues. */
export function describeIssue(issue: z.core.$ZodIssue, value: unknown): BrokenRule {
  const own = ruleOf(issue);
  if (own !== undefined) return own;
  // A text that its author wrote in one language only: better than none, and the author's to translate.
  if (issue.message !== '') return { code: 'NOT_VALID', message: issue.message };
  switch (issue.code) {
    case 'invalid_type':
      return { code: wrongType(issue.expected, value) };
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'not_multiple_of':
      return { code: 'NOT_A_MULTIPLE', parameters: { step: String(issue.divisor) } };
    case 'invalid_value':
      return { code: 'NOT_ONE_OF', parameters: { values: issue.values.map(String).join(', ') } };
    case 'invalid_format':
      return { code: 'WRONG_FORMAT' };
    case 'unrecognized_keys':
      return { code: 'UNKNOWN_FIELD' };
    case 'invalid_key':
      return { code: 'WRONG_NAME' };
    case 'invalid_union':
      return noMatch(issue);
    case 'invalid_element':
    case 'custom':
      return { code: 'NOT_VALID' };
    default:
      return issue satisfies never;
  }
}

function ruleOf(issue: z.core.$ZodIssue): BrokenRule | undefined {
  if (issue.code !== 'custom') return undefined;
  const rule: unknown = issue.params?.['rule'];
  return typeof rule === 'object' && rule !== null && 'code' in rule ? (rule as BrokenRule) : undefined; // Only rule() writes it.
}

function wrongType(expected: string, value: unknown): FieldCode {
  // JSON.parse makes Infinity of 1e400: it was a number, so saying that it is none would help nobody.
  if (typeof value === 'number' && !Number.isFinite(value)) return 'NOT_FINITE';
  switch (expected) {
    case 'string':
      return 'NOT_TEXT';
    case 'int':
      return 'NOT_AN_INTEGER';
    case 'number':
      return 'NOT_A_NUMBER';
    case 'boolean':
      return 'NOT_A_BOOLEAN';
    case 'object':
    case 'record':
      return 'NOT_AN_OBJECT';
    case 'array':
    case 'tuple':
      return 'NOT_AN_ARRAY';
    default:
      return 'NOT_VALID';
  }
}

type TooSmall = Extract<z.core.$ZodIssue, { code: 'too_small' }>;
type TooBig = Extract<z.core.$ZodIssue, { code: 'too_big' }>;

function tooSmall({ origin, minimum, inclusive, exact }: TooSmall): BrokenRule {
  const min = String(minimum);
  switch (origin) {
    case 'string':
      if (exact === true) return { code: 'WRONG_LENGTH', parameters: { count: min } };
      return min === '1' ? { code: 'EMPTY' } : { code: 'TOO_SHORT', parameters: { min } };
    case 'array':
    case 'set':
    case 'map':
    case 'object':
      return exact === true
        ? { code: 'WRONG_COUNT', parameters: { count: min } }
        : { code: 'TOO_FEW', parameters: { min } };
    default:
      return { code: inclusive === false ? 'NOT_ABOVE' : 'TOO_SMALL', parameters: { min } };
  }
}

function tooBig({ origin, maximum, inclusive, exact }: TooBig): BrokenRule {
  const max = String(maximum);
  switch (origin) {
    case 'string':
      return exact === true
        ? { code: 'WRONG_LENGTH', parameters: { count: max } }
        : { code: 'TOO_LONG', parameters: { max } };
    case 'array':
    case 'set':
    case 'map':
    case 'object':
      return exact === true
        ? { code: 'WRONG_COUNT', parameters: { count: max } }
        : { code: 'TOO_MANY', parameters: { max } };
    default:
      return { code: inclusive === false ? 'NOT_BELOW' : 'TOO_LARGE', parameters: { max } };
  }
}

/** A union whose discriminator has none of its values says which it has; of any other the choices can't be put in a few words. */
function noMatch({
  options,
}: Extract<z.core.$ZodIssue, { code: 'invalid_union' }> & { options?: unknown }): BrokenRule {
  return Array.isArray(options) && options.length > 0
    ? { code: 'NOT_ONE_OF', parameters: { values: options.map(String).join(', ') } }
    : { code: 'NOT_VALID' };
}
