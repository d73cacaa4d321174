import { z } from 'zod';

/** What the log keeps of one key. Its name is that of the record. */
export interface KeyValue {
  readonly key: string;
  /** The bytes of the value, as base64: values need not be text. */
  readonly value: string;
  /** A number of 64 bits that means something to its writer, in decimal digits. Left out: 0. */
  readonly flags?: string | undefined;
  /** How often the key was locked. Left out: never. */
  readonly lockIndex?: number | undefined;
  /** The session that holds the lock. Left out: nobody does. */
  readonly session?: string | undefined;
}

export const keyValueSchema: z.ZodType<KeyValue> = z.object({
  key: z.string().min(1),
  value: z.string(),
  flags: z.string().optional(),
  lockIndex: z.int().optional(),
  session: z.string().optional(),
});
