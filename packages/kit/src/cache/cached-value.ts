import { createHash } from 'node:crypto';
import { z } from 'zod';

/** How values of one kind are written as text, and read if they can be used. */
export interface ValueForm<T> {
  /** How the text of a value begins that was kept in this epoch, and has this form. */
  prefix(epoch: string): string;
  write(epoch: string, value: T): string;
  /** The value, or undefined if it is not one. @param text begins with the prefix of the epoch */
  read(epoch: string, text: string): { readonly value: T } | undefined;
}

/**
 * The form of values that a schema describes. Another version of a program, which runs at the same time, may have another schema:
 * the form of its values is another one, and both ignore those of the other.
 */
export function valueForm<T>(schema: z.ZodType<T>): ValueForm<T> {
  const shape = createHash('sha256').update(describe(schema)).digest('hex').slice(0, 12);
  const prefix = (epoch: string): string => `v|${epoch}|${shape}|`;
  return {
    prefix,
    write: (epoch, value) => prefix(epoch) + JSON.stringify(value),
    read(epoch, text) {
      try {
        const value: unknown = JSON.parse(text.slice(prefix(epoch).length));
        // The value itself and not what the schema makes of it, so that it has the bytes that the database would give.
        return schema.safeParse(value).success ? { value: value as T } : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

function describe(schema: z.ZodType): string {
  return JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'output' }));
}
