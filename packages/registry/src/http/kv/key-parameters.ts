import { keySchema } from '@flotilla/contracts';
import { z } from 'zod';

/** The parameter of paths about one key: all that is left of the path. */
export interface KeyParameters {
  readonly '*': string;
}

export const keyParametersSchema: z.ZodType<KeyParameters> = z.strictObject({ '*': keySchema });

/** Checks a parameter that is there or not: `?raw`, `?raw=true`. */
export const flagSchema: z.ZodType<boolean | undefined> = z
  .enum(['', 'true', 'false'])
  .transform((text) => text !== 'false')
  .optional();
