import { z } from 'zod';

/** For routes without query parameters: any is refused, so that a misplaced filter is not ignored. */
export const noQuerySchema: z.ZodType<Record<string, never>> = z.strictObject({});
