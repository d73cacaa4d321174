import { z } from 'zod';

/** A TCP port that can be connected to. */
export const portSchema: z.ZodType<number> = z.int().min(1).max(65_535);
