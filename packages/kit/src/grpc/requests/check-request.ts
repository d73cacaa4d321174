import { AppError, describeIssue, type FieldProblem, noOwnText } from '@flotilla/contracts';
import type { z } from 'zod';

/** More problems than this are no help. */
const maxProblems = 20;

/**
 * Checks fields of a request with the schema that also checks them in HTTP's bodies. Give them under the names that the
 * `.proto` file has, and required ones through {@link given}:
 *
 * ```ts
 * const user = checkRequest(newUserSchema, { name: given(request.name), email: given(request.email) });
 * ```
 *
 * @throws {AppError} INVALID_REQUEST, with each field that is wrong
 */
export function checkRequest<T>(schema: z.ZodType<T>, fields: Readonly<Record<string, unknown>>): T {
  const result = schema.safeParse(fields, { error: noOwnText });
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => toFieldProblem(issue, fields));
  throw new AppError('INVALID_REQUEST', { fields: problems.slice(0, maxProblems) });
}

function toFieldProblem(issue: z.core.$ZodIssue, fields: Readonly<Record<string, unknown>>): FieldProblem {
  const [name] = issue.path.map(String);
  const value = name === undefined ? fields : fields[name];
  const broken = value === undefined ? ({ code: 'REQUIRED' } as const) : describeIssue(issue, value);
  return { field: issue.path.map(String).join('.'), ...broken };
}

/** Fields of messages are never missing: one that was not sent has the value that its type begins with. */
export function given<T extends string | number | bigint>(value: T): T | undefined {
  return value === '' || value === 0 || value === 0n ? undefined : value;
}
