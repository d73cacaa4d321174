import { type ErrorCode, errorTable } from '@flotilla/contracts';
import { z } from 'zod';

/** A code of the error table. */
export const errorCodeSchema: z.ZodType<ErrorCode> = z
  .string()
  // A plain object has inherited keys too, hence hasOwn.
  .refine((code): code is ErrorCode => Object.hasOwn(errorTable, code), 'must be a code of the error table');

/** A length of time, at most a day. */
export const positiveMs: z.ZodInt = z.int().min(1).max(86_400_000);
/** A size; 0 often stands for no limit. */
export const bytes: z.ZodInt = z.int().min(0);
/** A path of a service or of clients. */
export const pathSchema: z.ZodString = z
  .string()
  .max(1_000)
  .startsWith('/', {
    error: ({ input }) => `must begin with "/"${adviceForPath(String(input))}`,
  });

/** What people write who have another gateway in mind. */
function adviceForPath(text: string): string {
  const method = /^([A-Z]+) +(?=\/)/.exec(text)?.[1];
  if (method !== undefined) return `: say methods: ['${method}'] beside it`;
  if (/^[a-z][a-z0-9+.-]*:|^\w[\w.-]*:\d+/i.test(text))
    return ', a path alone: the service says where, through the registry';
  return /^[~^*(]/.test(text) ? ': a match is no regular expression' : '';
}
