import { isCoreErrorCode, isErrorKind, type KnownError } from '@flotilla/contracts';
import { z } from 'zod';

/** An error that is known by name. */
export const errorSchema: z.ZodType<KnownError> = z.custom<KnownError>(
  (value) => isErrorKind(value) || (typeof value === 'string' && isCoreErrorCode(value)),
  "must be a core error code, such as 'NOT_FOUND', or an error that a service's contract exports",
);

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
  if (method !== undefined) return `: write methods: ['${method}'] beside it`;
  if (/^[a-z][a-z0-9+.-]*:|^\w[\w.-]*:\d+/i.test(text))
    return ', a path without a host: the registry knows where the service runs';
  return /^[~^*(]/.test(text) ? ': a match is not a regular expression' : '';
}
