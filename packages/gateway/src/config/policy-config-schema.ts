import { serviceNameSchema } from '@flotilla/contracts';
import { z } from 'zod';
import type { PolicyConfig } from './policy-config.ts';
import { errorSchema, pathSchema, positiveMs } from './schema-parts.ts';

const names = z.array(z.string(), { error: "must be a list of names, such as ['X-Tenant']" });
const values = z.record(z.string(), z.string(), {
  error: "must be an object of names and values, such as { 'X-Tenant': 'blue' }",
});

const editsSchema = z.strictObject({
  remove: names.exactOptional(),
  set: values.exactOptional(),
  add: values.exactOptional(),
});

const fieldsSchema = z.strictObject({
  kind: z.literal('fields'),
  request: editsSchema.exactOptional(),
  answer: editsSchema.exactOptional(),
});

const askSchema = z.strictObject({
  kind: z.literal('ask'),
  service: serviceNameSchema,
  target: pathSchema,
  send: names.exactOptional(),
  toService: names.exactOptional(),
  toClient: names.exactOptional(),
  errors: z.record(z.coerce.number().pipe(z.int().min(300).max(599)), errorSchema).exactOptional(),
  timeoutMs: positiveMs.exactOptional(),
  maxBodyBytes: z.int().min(1).exactOptional(),
  onFailure: z.enum(['refuse', 'let-through']).exactOptional(),
});

const kinds = [fieldsSchema, askSchema] as const;
const known = kinds.map(({ shape }) => `'${shape.kind.value}'`).join(' or ');

/** Checks the shape of a chain. What its policies mean is checked when their routes are compiled. */
export const policiesSchema: z.ZodType<readonly PolicyConfig[]> = z.array(
  z.discriminatedUnion('kind', kinds, {
    error: ({ code }) =>
      code === 'invalid_union' ? `must be ${known}` : "must be a policy, such as { kind: 'fields', … }",
  }),
  { error: "must be a list, such as [{ kind: 'fields', … }]" },
);
